// What `meshery-iac/dynamic` exports. Written by `npm run docs`; every change here is one that users see.
import { dynamic } from '@pulumi/pulumi';

declare const providers: Readonly<Record<string, dynamic.ResourceProvider>>;

export = providers;
