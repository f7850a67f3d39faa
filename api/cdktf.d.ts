// What `meshery-iac/cdktf` exports. Written by `npm run docs`; every change here is one that users see.
import * as cdktf from 'cdktf';

import { TerraformProvider } from 'cdktf';

import { Construct } from 'constructs';

export interface ConnectionConfig extends cdktf.TerraformMetaArguments {
    readonly adopt?: boolean | cdktf.IResolvable;
    readonly credentialId?: string;
    readonly forceDestroy?: boolean | cdktf.IResolvable;
    readonly kind: string;
    readonly metadata?: {
        [key: string]: string;
    };
    readonly metadataJson?: string;
    readonly name: string;
    readonly status?: string;
    readonly subType?: string;
    readonly type: string;
}

export declare class Connection extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_connection";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config: ConnectionConfig);
    get adopt(): boolean | cdktf.IResolvable;
    get adopted(): cdktf.IResolvable;
    get credentialId(): string;
    get forceDestroy(): boolean | cdktf.IResolvable;
    get id(): string;
    get kind(): string;
    get metadata(): {
        [key: string]: string;
    };
    get metadataJson(): string;
    get name(): string;
    get owner(): string;
    get status(): string;
    get subType(): string;
    get type(): string;
}

export interface ConnectionAssignmentConfig extends cdktf.TerraformMetaArguments {
    readonly connectionId?: string;
    readonly connectionKind?: string;
    readonly connectionName?: string;
    readonly environmentId?: string;
    readonly environmentName?: string;
    readonly organizationId?: string;
}

export declare class ConnectionAssignment extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_connection_assignment";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: ConnectionAssignmentConfig);
    get connectionId(): string;
    get connectionKind(): string;
    get connectionName(): string;
    get environmentId(): string;
    get environmentName(): string;
    get id(): string;
    get organizationId(): string;
    get owner(): string;
}

export interface CredentialConfig extends cdktf.TerraformMetaArguments {
    readonly adopt?: boolean | cdktf.IResolvable;
    readonly forceDestroy?: boolean | cdktf.IResolvable;
    readonly name: string;
    readonly secret?: {
        [key: string]: string;
    };
    readonly secretVersion?: number;
    readonly type: string;
}

export declare class Credential extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_credential";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config: CredentialConfig);
    get adopt(): boolean | cdktf.IResolvable;
    get adopted(): cdktf.IResolvable;
    get forceDestroy(): boolean | cdktf.IResolvable;
    get id(): string;
    get name(): string;
    get owner(): string;
    get secret(): {
        [key: string]: string;
    };
    get secretVersion(): number;
    get type(): string;
}

export interface DataMesheryConnectionConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly status?: string;
    readonly subType?: string;
    readonly type?: string;
}

export declare class DataMesheryConnection extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_connection";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryConnectionConfig);
    get credentialId(): string;
    get id(): string;
    get kind(): string;
    get metadata(): cdktf.StringMap;
    get metadataJson(): string;
    get name(): string;
    get status(): string;
    get subType(): string;
    get type(): string;
}

export interface DataMesheryConnectionsConfig extends cdktf.TerraformMetaArguments {
    readonly assigned?: boolean | cdktf.IResolvable;
    readonly kind?: string;
    readonly orderBy?: string;
    readonly search?: string;
    readonly status?: string;
    readonly subType?: string;
    readonly type?: string;
}

export interface DataMesheryConnectionsConnections {
}

export declare class DataMesheryConnectionsConnectionsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryConnectionsConnections | undefined;
    get id(): string;
    get name(): string;
    get kind(): string;
    get type(): string;
    get subType(): string;
    get status(): string;
    get credentialId(): string;
}

export declare class DataMesheryConnectionsConnectionsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryConnectionsConnectionsOutputReference;
}

export declare class DataMesheryConnections extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_connections";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryConnectionsConfig);
    get assigned(): boolean | cdktf.IResolvable;
    get connections(): DataMesheryConnectionsConnectionsList;
    get kind(): string;
    get orderBy(): string;
    get search(): string;
    get status(): string;
    get subType(): string;
    get type(): string;
}

export interface DataMesheryCredentialConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly name?: string;
    readonly type?: string;
}

export declare class DataMesheryCredential extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_credential";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryCredentialConfig);
    get id(): string;
    get name(): string;
    get type(): string;
}

export interface DataMesheryCredentialsConfig extends cdktf.TerraformMetaArguments {
    readonly orderBy?: string;
    readonly search?: string;
    readonly type?: string;
}

export interface DataMesheryCredentialsCredentials {
}

export declare class DataMesheryCredentialsCredentialsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryCredentialsCredentials | undefined;
    get id(): string;
    get name(): string;
    get type(): string;
}

export declare class DataMesheryCredentialsCredentialsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryCredentialsCredentialsOutputReference;
}

export declare class DataMesheryCredentials extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_credentials";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryCredentialsConfig);
    get credentials(): DataMesheryCredentialsCredentialsList;
    get orderBy(): string;
    get search(): string;
    get type(): string;
}

export interface DataMesheryEnvironmentConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly name?: string;
    readonly organizationId?: string;
}

export interface DataMesheryEnvironmentConnections {
}

export declare class DataMesheryEnvironmentConnectionsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryEnvironmentConnections | undefined;
    get id(): string;
    get name(): string;
    get kind(): string;
    get type(): string;
    get subType(): string;
    get status(): string;
}

export declare class DataMesheryEnvironmentConnectionsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryEnvironmentConnectionsOutputReference;
}

export interface DataMesheryEnvironmentWorkspaces {
}

export declare class DataMesheryEnvironmentWorkspacesOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryEnvironmentWorkspaces | undefined;
    get id(): string;
    get name(): string;
}

export declare class DataMesheryEnvironmentWorkspacesList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryEnvironmentWorkspacesOutputReference;
}

export declare class DataMesheryEnvironment extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_environment";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryEnvironmentConfig);
    get archived(): cdktf.IResolvable;
    get connections(): DataMesheryEnvironmentConnectionsList;
    get description(): string;
    get id(): string;
    get name(): string;
    get organizationId(): string;
    get state(): string;
    get tags(): cdktf.StringMap;
    get workspaces(): DataMesheryEnvironmentWorkspacesList;
}

export interface DataMesheryEnvironmentsConfig extends cdktf.TerraformMetaArguments {
    readonly orderBy?: string;
    readonly organizationId?: string;
    readonly search?: string;
    readonly state?: string;
    readonly tags?: {
        [key: string]: string;
    };
}

export interface DataMesheryEnvironmentsAssignments {
}

export declare class DataMesheryEnvironmentsAssignmentsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryEnvironmentsAssignments | undefined;
    get environmentId(): string;
    get environmentName(): string;
    get connectionId(): string;
    get connectionName(): string;
    get connectionKind(): string;
}

export declare class DataMesheryEnvironmentsAssignmentsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryEnvironmentsAssignmentsOutputReference;
}

export interface DataMesheryEnvironmentsBindings {
}

export declare class DataMesheryEnvironmentsBindingsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryEnvironmentsBindings | undefined;
    get workspaceId(): string;
    get workspaceName(): string;
    get environmentId(): string;
    get environmentName(): string;
}

export declare class DataMesheryEnvironmentsBindingsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryEnvironmentsBindingsOutputReference;
}

export interface DataMesheryEnvironmentsEnvironments {
}

export declare class DataMesheryEnvironmentsEnvironmentsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryEnvironmentsEnvironments | undefined;
    get id(): string;
    get name(): string;
    get description(): string;
    get tags(): cdktf.StringMap;
    get archived(): cdktf.IResolvable;
    get state(): string;
}

export declare class DataMesheryEnvironmentsEnvironmentsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryEnvironmentsEnvironmentsOutputReference;
}

export declare class DataMesheryEnvironments extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_environments";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryEnvironmentsConfig);
    get assignments(): DataMesheryEnvironmentsAssignmentsList;
    get bindings(): DataMesheryEnvironmentsBindingsList;
    get environments(): DataMesheryEnvironmentsEnvironmentsList;
    get orderBy(): string;
    get organizationId(): string;
    get search(): string;
    get state(): string;
    get tags(): {
        [key: string]: string;
    };
}

export interface DataMesheryOrganizationConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly name?: string;
}

export declare class DataMesheryOrganization extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_organization";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryOrganizationConfig);
    get id(): string;
    get name(): string;
}

export interface DataMesheryOrganizationsConfig extends cdktf.TerraformMetaArguments {
    readonly orderBy?: string;
    readonly search?: string;
}

export interface DataMesheryOrganizationsOrganizations {
}

export declare class DataMesheryOrganizationsOrganizationsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryOrganizationsOrganizations | undefined;
    get id(): string;
    get name(): string;
}

export declare class DataMesheryOrganizationsOrganizationsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryOrganizationsOrganizationsOutputReference;
}

export declare class DataMesheryOrganizations extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_organizations";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryOrganizationsConfig);
    get orderBy(): string;
    get organizations(): DataMesheryOrganizationsOrganizationsList;
    get search(): string;
}

export interface DataMesheryTeamConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly name?: string;
    readonly organizationId?: string;
}

export declare class DataMesheryTeam extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_team";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryTeamConfig);
    get id(): string;
    get name(): string;
    get organizationId(): string;
}

export interface DataMesheryTeamsConfig extends cdktf.TerraformMetaArguments {
    readonly orderBy?: string;
    readonly organizationId?: string;
    readonly search?: string;
}

export interface DataMesheryTeamsTeams {
}

export declare class DataMesheryTeamsTeamsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryTeamsTeams | undefined;
    get id(): string;
    get name(): string;
}

export declare class DataMesheryTeamsTeamsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryTeamsTeamsOutputReference;
}

export declare class DataMesheryTeams extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_teams";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryTeamsConfig);
    get orderBy(): string;
    get organizationId(): string;
    get search(): string;
    get teams(): DataMesheryTeamsTeamsList;
}

export interface DataMesheryWorkspaceConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly name?: string;
    readonly organizationId?: string;
}

export interface DataMesheryWorkspaceEnvironments {
}

export declare class DataMesheryWorkspaceEnvironmentsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryWorkspaceEnvironments | undefined;
    get id(): string;
    get name(): string;
}

export declare class DataMesheryWorkspaceEnvironmentsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryWorkspaceEnvironmentsOutputReference;
}

export interface DataMesheryWorkspaceTeams {
}

export declare class DataMesheryWorkspaceTeamsOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryWorkspaceTeams | undefined;
    get id(): string;
    get name(): string;
}

export declare class DataMesheryWorkspaceTeamsList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryWorkspaceTeamsOutputReference;
}

export declare class DataMesheryWorkspace extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_workspace";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryWorkspaceConfig);
    get description(): string;
    get environments(): DataMesheryWorkspaceEnvironmentsList;
    get id(): string;
    get name(): string;
    get organizationId(): string;
    get tags(): cdktf.StringMap;
    get teams(): DataMesheryWorkspaceTeamsList;
}

export interface DataMesheryWorkspacesConfig extends cdktf.TerraformMetaArguments {
    readonly orderBy?: string;
    readonly organizationId?: string;
    readonly search?: string;
    readonly tags?: {
        [key: string]: string;
    };
}

export interface DataMesheryWorkspacesWorkspaces {
}

export declare class DataMesheryWorkspacesWorkspacesOutputReference extends cdktf.ComplexObject {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataMesheryWorkspacesWorkspaces | undefined;
    get id(): string;
    get name(): string;
    get description(): string;
    get tags(): cdktf.StringMap;
}

export declare class DataMesheryWorkspacesWorkspacesList extends cdktf.ComplexList {
    constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    get(index: number): DataMesheryWorkspacesWorkspacesOutputReference;
}

export declare class DataMesheryWorkspaces extends cdktf.TerraformDataSource {
    static readonly tfResourceType = "meshery_workspaces";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: DataMesheryWorkspacesConfig);
    get orderBy(): string;
    get organizationId(): string;
    get search(): string;
    get tags(): {
        [key: string]: string;
    };
    get workspaces(): DataMesheryWorkspacesWorkspacesList;
}

export interface EnvironmentConfig extends cdktf.TerraformMetaArguments {
    readonly adopt?: boolean | cdktf.IResolvable;
    readonly archived?: boolean | cdktf.IResolvable;
    readonly description?: string;
    readonly forceDestroy?: boolean | cdktf.IResolvable;
    readonly name: string;
    readonly organizationId?: string;
    readonly tags?: {
        [key: string]: string;
    };
}

export declare class Environment extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_environment";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config: EnvironmentConfig);
    get adopt(): boolean | cdktf.IResolvable;
    get adopted(): cdktf.IResolvable;
    get archived(): boolean | cdktf.IResolvable;
    get description(): string;
    get forceDestroy(): boolean | cdktf.IResolvable;
    get id(): string;
    get name(): string;
    get organizationId(): string;
    get owner(): string;
    get tags(): {
        [key: string]: string;
    };
    get tagsAll(): cdktf.StringMap;
}

export interface MesheryProviderConfig {
    readonly defaultTags?: {
        [key: string]: string;
    };
    readonly mesheryProvider?: string;
    readonly organizationId?: string;
    readonly timeout?: number;
    readonly token?: string;
    readonly url?: string;
    readonly alias?: string;
}

export declare class MesheryProvider extends cdktf.TerraformProvider {
    static readonly tfResourceType = "meshery";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: MesheryProviderConfig);
    get defaultTags(): {
        [key: string]: string;
    } | undefined;
    get mesheryProvider(): string | undefined;
    get organizationId(): string | undefined;
    get timeout(): number | undefined;
    get token(): string | undefined;
    get url(): string | undefined;
    get alias(): string | undefined;
}

export interface WorkspaceConfig extends cdktf.TerraformMetaArguments {
    readonly adopt?: boolean | cdktf.IResolvable;
    readonly description?: string;
    readonly forceDestroy?: boolean | cdktf.IResolvable;
    readonly name: string;
    readonly organizationId?: string;
    readonly tags?: {
        [key: string]: string;
    };
}

export declare class Workspace extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_workspace";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config: WorkspaceConfig);
    get adopt(): boolean | cdktf.IResolvable;
    get adopted(): cdktf.IResolvable;
    get description(): string;
    get forceDestroy(): boolean | cdktf.IResolvable;
    get id(): string;
    get name(): string;
    get organizationId(): string;
    get owner(): string;
    get tags(): {
        [key: string]: string;
    };
    get tagsAll(): cdktf.StringMap;
}

export interface WorkspaceBindingConfig extends cdktf.TerraformMetaArguments {
    readonly environmentId?: string;
    readonly environmentName?: string;
    readonly organizationId?: string;
    readonly workspaceId?: string;
    readonly workspaceName?: string;
}

export declare class WorkspaceBinding extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_workspace_binding";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: WorkspaceBindingConfig);
    get environmentId(): string;
    get environmentName(): string;
    get id(): string;
    get organizationId(): string;
    get owner(): string;
    get workspaceId(): string;
    get workspaceName(): string;
}

export interface WorkspaceTeamConfig extends cdktf.TerraformMetaArguments {
    readonly organizationId?: string;
    readonly teamId?: string;
    readonly teamName?: string;
    readonly workspaceId?: string;
    readonly workspaceName?: string;
}

export declare class WorkspaceTeam extends cdktf.TerraformResource {
    static readonly tfResourceType = "meshery_workspace_team";
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider): cdktf.ImportableResource;
    constructor(scope: Construct, id: string, config?: WorkspaceTeamConfig);
    get id(): string;
    get organizationId(): string;
    get owner(): string;
    get teamId(): string;
    get teamName(): string;
    get workspaceId(): string;
    get workspaceName(): string;
}

type TopologyInput = {
    readonly connections?: {
        readonly [x: string]: {
            readonly kind?: string | undefined;
            readonly type?: string | undefined;
            readonly subType?: string | undefined;
            readonly status?: string | undefined;
            readonly id?: string | undefined;
            readonly name?: string | undefined;
        } | undefined;
    } | undefined;
    readonly environments?: {
        readonly [x: string]: {
            readonly connections?: readonly string[] | undefined;
            readonly name?: string | undefined;
            readonly description?: string | undefined;
            readonly tags?: {
                readonly [x: string]: string | undefined;
            } | undefined;
            readonly archived?: boolean | undefined;
            readonly adopt?: boolean | undefined;
            readonly forceDestroy?: boolean | undefined;
        } | undefined;
    } | undefined;
    readonly workspaces?: {
        readonly [x: string]: {
            readonly environments?: readonly string[] | undefined;
            readonly id?: string | undefined;
            readonly name?: string | undefined;
        } | undefined;
    } | undefined;
    readonly $schema?: string | undefined;
    readonly organizationId?: string | undefined;
};

export type EnvironmentTopologyConfig = (TopologyInput | {
    readonly file: string;
}) & {
    readonly provider?: TerraformProvider;
};

export declare class EnvironmentTopology extends Construct {
    readonly environments: Readonly<Record<string, Environment>>;
    constructor(scope: Construct, id: string, config: EnvironmentTopologyConfig);
}
