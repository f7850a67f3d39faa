// What `meshery-iac/pulumi` exports. Written by `npm run docs`; every change here is one that users see.
import * as pulumi from '@pulumi/pulumi';

export interface LookupOptions {
    provider?: pulumi.ProviderResource;
}

interface ResourceShape {
    readonly name: string;
    readonly outputs: readonly string[];
    readonly secrets: readonly string[];
}

declare abstract class MesheryResource extends pulumi.CustomResource {
    protected constructor(shape: ResourceShape, name: string, args: object | undefined, opts: pulumi.CustomResourceOptions | undefined);
}

export interface EnvironmentArgs {
    name: pulumi.Input<string>;
    description?: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    archived?: pulumi.Input<boolean>;
    organizationId?: pulumi.Input<string>;
    adopt?: pulumi.Input<boolean>;
    forceDestroy?: pulumi.Input<boolean>;
}

export declare class Environment extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Environment;
    static isInstance(value: unknown): value is Environment;
    readonly name: pulumi.Output<string>;
    readonly description: pulumi.Output<string | undefined>;
    readonly tags: pulumi.Output<Record<string, string> | undefined>;
    readonly tagsAll: pulumi.Output<Record<string, string>>;
    readonly archived: pulumi.Output<boolean | undefined>;
    readonly organizationId: pulumi.Output<string>;
    readonly adopt: pulumi.Output<boolean>;
    readonly forceDestroy: pulumi.Output<boolean>;
    readonly adopted: pulumi.Output<boolean>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: EnvironmentArgs, opts?: pulumi.CustomResourceOptions);
}

export interface ConnectionAssignmentArgs {
    environmentId?: pulumi.Input<string>;
    environmentName?: pulumi.Input<string>;
    connectionId?: pulumi.Input<string>;
    connectionName?: pulumi.Input<string>;
    connectionKind?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export declare class ConnectionAssignment extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ConnectionAssignment;
    static isInstance(value: unknown): value is ConnectionAssignment;
    readonly environmentId: pulumi.Output<string>;
    readonly environmentName: pulumi.Output<string>;
    readonly connectionId: pulumi.Output<string>;
    readonly connectionName: pulumi.Output<string>;
    readonly connectionKind: pulumi.Output<string>;
    readonly organizationId: pulumi.Output<string>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: ConnectionAssignmentArgs, opts?: pulumi.CustomResourceOptions);
}

export interface WorkspaceBindingArgs {
    workspaceId?: pulumi.Input<string>;
    workspaceName?: pulumi.Input<string>;
    environmentId?: pulumi.Input<string>;
    environmentName?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export declare class WorkspaceBinding extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): WorkspaceBinding;
    static isInstance(value: unknown): value is WorkspaceBinding;
    readonly workspaceId: pulumi.Output<string>;
    readonly workspaceName: pulumi.Output<string>;
    readonly environmentId: pulumi.Output<string>;
    readonly environmentName: pulumi.Output<string>;
    readonly organizationId: pulumi.Output<string>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: WorkspaceBindingArgs, opts?: pulumi.CustomResourceOptions);
}

export interface WorkspaceTeamArgs {
    workspaceId?: pulumi.Input<string>;
    workspaceName?: pulumi.Input<string>;
    teamId?: pulumi.Input<string>;
    teamName?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export declare class WorkspaceTeam extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): WorkspaceTeam;
    static isInstance(value: unknown): value is WorkspaceTeam;
    readonly workspaceId: pulumi.Output<string>;
    readonly workspaceName: pulumi.Output<string>;
    readonly teamId: pulumi.Output<string>;
    readonly teamName: pulumi.Output<string>;
    readonly organizationId: pulumi.Output<string>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: WorkspaceTeamArgs, opts?: pulumi.CustomResourceOptions);
}

export interface WorkspaceArgs {
    name: pulumi.Input<string>;
    description?: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    organizationId?: pulumi.Input<string>;
    adopt?: pulumi.Input<boolean>;
    forceDestroy?: pulumi.Input<boolean>;
}

export declare class Workspace extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Workspace;
    static isInstance(value: unknown): value is Workspace;
    readonly name: pulumi.Output<string>;
    readonly description: pulumi.Output<string | undefined>;
    readonly tags: pulumi.Output<Record<string, string> | undefined>;
    readonly tagsAll: pulumi.Output<Record<string, string>>;
    readonly organizationId: pulumi.Output<string>;
    readonly adopt: pulumi.Output<boolean>;
    readonly forceDestroy: pulumi.Output<boolean>;
    readonly adopted: pulumi.Output<boolean>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: WorkspaceArgs, opts?: pulumi.CustomResourceOptions);
}

export interface ConnectionArgs {
    name: pulumi.Input<string>;
    kind: pulumi.Input<string>;
    type: pulumi.Input<string>;
    subType?: pulumi.Input<string>;
    status?: pulumi.Input<"discovered" | "registered" | "connected" | "ignored" | "maintenance" | "disconnected" | "deleted" | "not found">;
    metadata?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    metadataJson?: pulumi.Input<string>;
    credentialId?: pulumi.Input<string>;
    adopt?: pulumi.Input<boolean>;
    forceDestroy?: pulumi.Input<boolean>;
}

export declare class Connection extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Connection;
    static isInstance(value: unknown): value is Connection;
    readonly name: pulumi.Output<string>;
    readonly kind: pulumi.Output<string>;
    readonly type: pulumi.Output<string>;
    readonly subType: pulumi.Output<string | undefined>;
    readonly status: pulumi.Output<"discovered" | "registered" | "connected" | "ignored" | "maintenance" | "disconnected" | "deleted" | "not found">;
    readonly metadata: pulumi.Output<Record<string, string> | undefined>;
    readonly metadataJson: pulumi.Output<string | undefined>;
    readonly credentialId: pulumi.Output<string | undefined>;
    readonly adopt: pulumi.Output<boolean>;
    readonly forceDestroy: pulumi.Output<boolean>;
    readonly adopted: pulumi.Output<boolean>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: ConnectionArgs, opts?: pulumi.CustomResourceOptions);
}

export interface CredentialArgs {
    name: pulumi.Input<string>;
    type: pulumi.Input<string>;
    secret?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    secretVersion?: pulumi.Input<number>;
    adopt?: pulumi.Input<boolean>;
    forceDestroy?: pulumi.Input<boolean>;
}

export declare class Credential extends MesheryResource {
    static readonly __pulumiType: string;
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Credential;
    static isInstance(value: unknown): value is Credential;
    readonly name: pulumi.Output<string>;
    readonly type: pulumi.Output<string>;
    readonly secret: pulumi.Output<Record<string, string> | undefined>;
    readonly secretVersion: pulumi.Output<number | undefined>;
    readonly adopt: pulumi.Output<boolean>;
    readonly forceDestroy: pulumi.Output<boolean>;
    readonly adopted: pulumi.Output<boolean>;
    readonly owner: pulumi.Output<string>;
    constructor(name: string, args: CredentialArgs, opts?: pulumi.CustomResourceOptions);
}

export interface GetEnvironmentArgs {
    id?: string;
    name?: string;
    organizationId?: string;
}

export interface GetEnvironmentOutputArgs {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export interface GetEnvironmentResult {
    readonly id: string;
    readonly name: string;
    readonly organizationId: string;
    readonly description: string;
    readonly tags: Record<string, string>;
    readonly archived: boolean;
    readonly state: string;
    readonly connections: readonly {
        readonly id: string;
        readonly name: string;
        readonly kind: string;
        readonly type: string;
        readonly subType: string;
        readonly status: string;
    }[];
    readonly workspaces: readonly {
        readonly id: string;
        readonly name: string;
    }[];
}

export declare function getEnvironment(args?: GetEnvironmentArgs, opts?: LookupOptions): Promise<GetEnvironmentResult>;

export declare function getEnvironmentOutput(args?: GetEnvironmentOutputArgs, opts?: LookupOptions): pulumi.Output<GetEnvironmentResult>;

export interface GetEnvironmentsArgs {
    tags?: Record<string, string>;
    state?: string;
    search?: string;
    orderBy?: string;
    organizationId?: string;
}

export interface GetEnvironmentsOutputArgs {
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    state?: pulumi.Input<string>;
    search?: pulumi.Input<string>;
    orderBy?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export interface GetEnvironmentsResult {
    readonly tags?: Record<string, string>;
    readonly state?: string;
    readonly search?: string;
    readonly orderBy?: string;
    readonly organizationId: string;
    readonly environments: readonly {
        readonly id: string;
        readonly name: string;
        readonly description: string;
        readonly tags: Record<string, string>;
        readonly archived: boolean;
        readonly state: string;
    }[];
    readonly assignments: readonly {
        readonly environmentId: string;
        readonly environmentName: string;
        readonly connectionId: string;
        readonly connectionName: string;
        readonly connectionKind: string;
    }[];
    readonly bindings: readonly {
        readonly workspaceId: string;
        readonly workspaceName: string;
        readonly environmentId: string;
        readonly environmentName: string;
    }[];
}

export declare function getEnvironments(args?: GetEnvironmentsArgs, opts?: LookupOptions): Promise<GetEnvironmentsResult>;

export declare function getEnvironmentsOutput(args?: GetEnvironmentsOutputArgs, opts?: LookupOptions): pulumi.Output<GetEnvironmentsResult>;

export interface GetConnectionArgs {
    id?: string;
    name?: string;
    kind?: string;
    type?: string;
    subType?: string;
    status?: string;
}

export interface GetConnectionOutputArgs {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    kind?: pulumi.Input<string>;
    type?: pulumi.Input<string>;
    subType?: pulumi.Input<string>;
    status?: pulumi.Input<string>;
}

export interface GetConnectionResult {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly type: string;
    readonly subType: string;
    readonly status: string;
    readonly metadata: Record<string, string>;
    readonly metadataJson: string;
    readonly credentialId: string;
}

export declare function getConnection(args?: GetConnectionArgs, opts?: LookupOptions): Promise<GetConnectionResult>;

export declare function getConnectionOutput(args?: GetConnectionOutputArgs, opts?: LookupOptions): pulumi.Output<GetConnectionResult>;

export interface GetConnectionsArgs {
    kind?: string;
    type?: string;
    subType?: string;
    status?: string;
    assigned?: boolean;
    search?: string;
    orderBy?: string;
}

export interface GetConnectionsOutputArgs {
    kind?: pulumi.Input<string>;
    type?: pulumi.Input<string>;
    subType?: pulumi.Input<string>;
    status?: pulumi.Input<string>;
    assigned?: pulumi.Input<boolean>;
    search?: pulumi.Input<string>;
    orderBy?: pulumi.Input<string>;
}

export interface GetConnectionsResult {
    readonly kind?: string;
    readonly type?: string;
    readonly subType?: string;
    readonly status?: string;
    readonly assigned?: boolean;
    readonly search?: string;
    readonly orderBy?: string;
    readonly connections: readonly {
        readonly id: string;
        readonly name: string;
        readonly kind: string;
        readonly type: string;
        readonly subType: string;
        readonly status: string;
        readonly credentialId: string;
    }[];
}

export declare function getConnections(args?: GetConnectionsArgs, opts?: LookupOptions): Promise<GetConnectionsResult>;

export declare function getConnectionsOutput(args?: GetConnectionsOutputArgs, opts?: LookupOptions): pulumi.Output<GetConnectionsResult>;

export interface GetCredentialArgs {
    id?: string;
    name?: string;
    type?: string;
}

export interface GetCredentialOutputArgs {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    type?: pulumi.Input<string>;
}

export interface GetCredentialResult {
    readonly id: string;
    readonly name: string;
    readonly type: string;
}

export declare function getCredential(args?: GetCredentialArgs, opts?: LookupOptions): Promise<GetCredentialResult>;

export declare function getCredentialOutput(args?: GetCredentialOutputArgs, opts?: LookupOptions): pulumi.Output<GetCredentialResult>;

export interface GetCredentialsArgs {
    type?: string;
    search?: string;
    orderBy?: string;
}

export interface GetCredentialsOutputArgs {
    type?: pulumi.Input<string>;
    search?: pulumi.Input<string>;
    orderBy?: pulumi.Input<string>;
}

export interface GetCredentialsResult {
    readonly type?: string;
    readonly search?: string;
    readonly orderBy?: string;
    readonly credentials: readonly {
        readonly id: string;
        readonly name: string;
        readonly type: string;
    }[];
}

export declare function getCredentials(args?: GetCredentialsArgs, opts?: LookupOptions): Promise<GetCredentialsResult>;

export declare function getCredentialsOutput(args?: GetCredentialsOutputArgs, opts?: LookupOptions): pulumi.Output<GetCredentialsResult>;

export interface GetWorkspaceArgs {
    id?: string;
    name?: string;
    organizationId?: string;
}

export interface GetWorkspaceOutputArgs {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export interface GetWorkspaceResult {
    readonly id: string;
    readonly name: string;
    readonly organizationId: string;
    readonly description: string;
    readonly tags: Record<string, string>;
    readonly environments: readonly {
        readonly id: string;
        readonly name: string;
    }[];
    readonly teams: readonly {
        readonly id: string;
        readonly name: string;
    }[];
}

export declare function getWorkspace(args?: GetWorkspaceArgs, opts?: LookupOptions): Promise<GetWorkspaceResult>;

export declare function getWorkspaceOutput(args?: GetWorkspaceOutputArgs, opts?: LookupOptions): pulumi.Output<GetWorkspaceResult>;

export interface GetWorkspacesArgs {
    tags?: Record<string, string>;
    search?: string;
    orderBy?: string;
    organizationId?: string;
}

export interface GetWorkspacesOutputArgs {
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    search?: pulumi.Input<string>;
    orderBy?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export interface GetWorkspacesResult {
    readonly tags?: Record<string, string>;
    readonly search?: string;
    readonly orderBy?: string;
    readonly organizationId: string;
    readonly workspaces: readonly {
        readonly id: string;
        readonly name: string;
        readonly description: string;
        readonly tags: Record<string, string>;
    }[];
}

export declare function getWorkspaces(args?: GetWorkspacesArgs, opts?: LookupOptions): Promise<GetWorkspacesResult>;

export declare function getWorkspacesOutput(args?: GetWorkspacesOutputArgs, opts?: LookupOptions): pulumi.Output<GetWorkspacesResult>;

export interface GetOrganizationArgs {
    id?: string;
    name?: string;
}

export interface GetOrganizationOutputArgs {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
}

export interface GetOrganizationResult {
    readonly id: string;
    readonly name: string;
}

export declare function getOrganization(args?: GetOrganizationArgs, opts?: LookupOptions): Promise<GetOrganizationResult>;

export declare function getOrganizationOutput(args?: GetOrganizationOutputArgs, opts?: LookupOptions): pulumi.Output<GetOrganizationResult>;

export interface GetOrganizationsArgs {
    search?: string;
    orderBy?: string;
}

export interface GetOrganizationsOutputArgs {
    search?: pulumi.Input<string>;
    orderBy?: pulumi.Input<string>;
}

export interface GetOrganizationsResult {
    readonly search?: string;
    readonly orderBy?: string;
    readonly organizations: readonly {
        readonly id: string;
        readonly name: string;
    }[];
}

export declare function getOrganizations(args?: GetOrganizationsArgs, opts?: LookupOptions): Promise<GetOrganizationsResult>;

export declare function getOrganizationsOutput(args?: GetOrganizationsOutputArgs, opts?: LookupOptions): pulumi.Output<GetOrganizationsResult>;

export interface GetTeamArgs {
    id?: string;
    name?: string;
    organizationId?: string;
}

export interface GetTeamOutputArgs {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export interface GetTeamResult {
    readonly id: string;
    readonly name: string;
    readonly organizationId: string;
}

export declare function getTeam(args?: GetTeamArgs, opts?: LookupOptions): Promise<GetTeamResult>;

export declare function getTeamOutput(args?: GetTeamOutputArgs, opts?: LookupOptions): pulumi.Output<GetTeamResult>;

export interface GetTeamsArgs {
    search?: string;
    orderBy?: string;
    organizationId?: string;
}

export interface GetTeamsOutputArgs {
    search?: pulumi.Input<string>;
    orderBy?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
}

export interface GetTeamsResult {
    readonly search?: string;
    readonly orderBy?: string;
    readonly organizationId: string;
    readonly teams: readonly {
        readonly id: string;
        readonly name: string;
    }[];
}

export declare function getTeams(args?: GetTeamsArgs, opts?: LookupOptions): Promise<GetTeamsResult>;

export declare function getTeamsOutput(args?: GetTeamsOutputArgs, opts?: LookupOptions): pulumi.Output<GetTeamsResult>;

export interface TopologyConnection {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    kind?: pulumi.Input<string>;
    type?: pulumi.Input<string>;
    subType?: pulumi.Input<string>;
    status?: pulumi.Input<string>;
}

export interface TopologyEnvironment {
    name?: pulumi.Input<string>;
    description?: pulumi.Input<string>;
    tags?: Record<string, pulumi.Input<string>>;
    archived?: boolean;
    connections?: string[];
    adopt?: boolean;
    forceDestroy?: boolean;
}

export interface TopologyWorkspace {
    id?: pulumi.Input<string>;
    name?: pulumi.Input<string>;
    environments?: string[];
}

export interface Topology {
    organizationId?: pulumi.Input<string>;
    connections?: Record<string, TopologyConnection>;
    environments?: Record<string, TopologyEnvironment>;
    workspaces?: Record<string, TopologyWorkspace>;
}

export type EnvironmentTopologyArgs = (Topology | {
    file: string;
}) & {
    movedFromRoot?: boolean;
};

export declare class EnvironmentTopology extends pulumi.ComponentResource {
    readonly environments: Readonly<Record<string, Environment>>;
    readonly environmentIds: pulumi.Output<Record<string, string>>;
    constructor(name: string, args: EnvironmentTopologyArgs, opts?: pulumi.ComponentResourceOptions);
}

export interface MesheryProviderArgs {
    url?: pulumi.Input<string>;
    token?: pulumi.Input<string>;
    mesheryProvider?: pulumi.Input<string>;
    organizationId?: pulumi.Input<string>;
    timeout?: pulumi.Input<number>;
    defaultTags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export declare class MesheryProvider extends pulumi.ProviderResource {
    constructor(name: string, args?: MesheryProviderArgs, opts?: pulumi.ResourceOptions);
}
