/**
 * What other programs import: `npm run package` makes the npm package `garrison` from this file and from what it needs.
 *
 * A list by hand, not a mirror of the directory: every name here is a promise to strangers, and what is not here may
 * change at any time. Kinds of services whose image or program is not ready stay out.
 *
 * @module
 */

// A machine from services: kinds make handles, and to pass a handle on is the relation.
export { deploy } from "./estate/deploy.ts";
export type { DeployOptions } from "./estate/deploy.ts";
export type { StackDefinition } from "./estate/stack-definition.ts";
export type { AzurePlace, PlaceMachine, PlaceOpening, PlaceSubnet } from "./azure/azure-place.ts";
export { machine } from "./wiring/machine-of.ts";
export type { MachineSpec } from "./wiring/machine-of.ts";
export { group } from "./wiring/group.ts";
export type { Group } from "./wiring/group.ts";
export { offer, otherMachine, remote } from "./wiring/other-machine.ts";
export type { Offer } from "./wiring/other-machine.ts";
export type { OtherMachine } from "./network/other-machine.ts";
export { hostProgram } from "./wiring/host-program.ts";
export type { HostProgram, ProgramBlueprint, ProgramUse } from "./wiring/host-program.ts";
export { later } from "./wiring/later.ts";
export type { Later } from "./wiring/later.ts";
export { secretOf } from "./wiring/handed-secret.ts";
export { authelia } from "./services/authelia/service.ts";
export type { AutheliaEndpoint } from "./services/authelia/endpoint.ts";
export type { AutheliaOptions, ProtectedSite } from "./services/authelia/options.ts";
export { cloudflared } from "./services/cloudflared/service.ts";
export type { CloudflaredWires } from "./services/cloudflared/service.ts";
export { dockerSocketProxy } from "./services/docker-socket-proxy/service.ts";
export { egressProxy } from "./services/egress-proxy/service.ts";
export { falkordb } from "./services/falkordb/service.ts";
export { flowise } from "./services/flowise/service.ts";
export type { FlowiseOptions } from "./services/flowise/options.ts";
export { graphiti } from "./services/graphiti/service.ts";
export type { GraphitiWires } from "./services/graphiti/service.ts";
export { jobQueue } from "./services/job-queue/service.ts";
export { librechat } from "./services/librechat/service.ts";
export type { LibrechatOptions } from "./services/librechat/service.ts";
export type { EstateModels, ModelEndpoint, ProviderModels } from "./services/librechat/model-endpoint.ts";
export { chatSettings } from "./services/librechat/settings.ts";
export type { ChatSettings } from "./services/librechat/settings.ts";
export { meilisearch } from "./services/meilisearch/service.ts";
export { mongodb } from "./services/mongodb/service.ts";
export { n8n } from "./services/n8n/service.ts";
export type { N8nOptions } from "./services/n8n/options.ts";
export { automationSettings } from "./services/n8n/settings.ts";
export type { AutomationSettings } from "./services/n8n/settings.ts";
export { nginx } from "./services/nginx/service.ts";
export type { NginxWires } from "./services/nginx/service.ts";
export { openclawGateway } from "./services/openclaw-gateway/service.ts";
export type { OpenclawGatewayOptions } from "./services/openclaw-gateway/service.ts";
export type { OpenclawChannel } from "./services/openclaw-gateway/channel.ts";
export { postgres } from "./services/postgres/service.ts";
export type { PostgresOptions } from "./services/postgres/service.ts";
export type { PostgresExtension } from "./services/postgres/config.ts";
export { qdrant } from "./services/qdrant/service.ts";
export { ragApi } from "./services/rag-api/service.ts";
export type { Embeddings, EstateEmbeddings, ProviderEmbeddings, RagApiOptions } from "./services/rag-api/options.ts";
export { searxng } from "./services/searxng/service.ts";
export type { SearxngWires } from "./services/searxng/service.ts";
export { siteSettings } from "./services/site.ts";
export type { SiteSettings } from "./services/site.ts";
export { skill, skillGateway } from "./services/skill-gateway/service.ts";
export type { SkillGatewayOptions, SkillOptions, SkillProgram } from "./services/skill-gateway/options.ts";
export { staticSite } from "./services/static-site/service.ts";
export { webFront } from "./services/web-front/service.ts";
export type { FrontOptions, FrontSite } from "./services/web-front/options.ts";
export type { SiteContent } from "./services/static-site/service.ts";
export { uptimeKuma } from "./services/uptime-kuma/service.ts";
export type { UptimeKumaWires } from "./services/uptime-kuma/service.ts";
export { valkey } from "./services/valkey/service.ts";
export { sandbox, sandboxProfile } from "./sandbox/sandbox-profile.ts";
export type { Sandbox, SandboxProfile, SandboxWires } from "./sandbox/sandbox-profile.ts";

// Kinds of one's own.
export { define } from "./wiring/blueprint.ts";
export type {
  AllowedHosts,
  Blueprint,
  Client,
  Endpoint,
  Facts,
  Login,
  OwnSecret,
  PartOf,
  Peer,
  PlaceRelation,
  ProgramRendering,
  Rendering,
  Secret,
  Self,
  Service,
  Taken,
  Use,
  Uses,
} from "./wiring/blueprint.ts";
export { throughProxy } from "./services/egress-proxy/client.ts";
export { settingsPart } from "./settings/part.ts";
export type { SettingsPart } from "./settings/part.ts";
export { worded } from "./settings/words.ts";

// One container.
export { HardenedContainer } from "./container/hardened-container.ts";
export type { HardenedContainerArgs } from "./container/hardened-container.ts";
export type { JoinedNetwork } from "./container/posture.ts";
export { bind, tmpfs, volume } from "./container/facts.ts";
export type {
  BindMount,
  ContainerFacts,
  Device,
  DeviceRequest,
  Profiles,
  Throttle,
  TmpfsMount,
  User,
  VolumeMount,
  Writable,
} from "./container/facts.ts";
export type { PublishedPort } from "./container/published-ports.ts";
export { curl, exec, node, python, shell, wget } from "./container/health.ts";
export type { Health } from "./container/health.ts";
export { waive } from "./container/waiver.ts";
export type { Waiver, WaiverId } from "./container/waiver.ts";

// What the containers of one host need around them.
export { PidLimits } from "./container/pid-limits.ts";
export type { PidLimitsArgs } from "./container/pid-limits.ts";
export { PreparedHost } from "./container/prepared-host.ts";
export type { PreparedHostArgs } from "./container/prepared-host.ts";
export { pidCgroup } from "./container/pid-cgroup.ts";
export type { CgroupDriver } from "./container/pid-cgroup.ts";
export type { ContainerUser, LimitedCgroup, LimitedContainer, OwnedVolume } from "./container/host-scripts.ts";
export { dockerProvider } from "./host/docker-host.ts";
export type { DockerSettings } from "./host/docker-host.ts";

// The machine itself: all that is not a container.
export { Host } from "./host/host.ts";
export type { HostArgs } from "./host/host.ts";
export { HostKey } from "./host/host-key.ts";
export type { HostKeyArgs } from "./host/host-key.ts";
export type {
  DockerSpec,
  HostAccess,
  HostDefinition,
  HostFile,
  HostFirewallSpec,
  HostSpec,
  HostUnit,
  HostUser,
  NginxSpec,
  OpenPort,
  UnitValue,
  UnitWaiver,
  WazuhAgentSpec,
} from "./host/bundle/host-spec.ts";
export { autheliaJail, siteLogs } from "./host/bundle/jail.ts";
export type { Jail, JailSource } from "./host/bundle/jail.ts";
export { planHost } from "./machine/plan-host.ts";
export type { HostInput } from "./machine/plan-host.ts";

// Networks, who may talk over them, and the host's rules that hold it.
export { flow, formatPort, isPlace } from "./network/flow.ts";
export type { Flow, Place, Port, PortText } from "./network/flow.ts";
export { reachability } from "./network/reachability.ts";
export type { Answer, Estate, Reachability, Relay, Way } from "./network/reachability.ts";
export { HostFirewall } from "./firewall/host-firewall.ts";
export type { HostFirewallArgs } from "./firewall/host-firewall.ts";
export type { RulesInput } from "./firewall/render-rules.ts";
export { planNetworks } from "./network/plan-networks.ts";
export type { Member, NetworkPlan, PlannedNetwork } from "./network/plan-networks.ts";
export { IsolatedNetworks } from "./network/isolated-networks.ts";
export type { IsolatedNetworksArgs } from "./network/isolated-networks.ts";

// Secrets, and files that hold them.
export { RotatingSecret } from "./secrets/rotating-secret.ts";
export type { RotatingSecretArgs } from "./secrets/rotating-secret.ts";
export type { MintedSource, SecretValue } from "./secrets/mint.ts";
export { bytes, password } from "./secrets/secret.ts";
export type { SecretSource, SecretSpec } from "./secrets/secret.ts";
export { secret } from "./secrets/reference.ts";
export type { SecretUse } from "./secrets/reference.ts";
export { HostFiles } from "./files/host-files.ts";
export type { HostFilesArgs } from "./files/host-files.ts";
export type { FileDirectory, ServiceFiles } from "./files/plan-files.ts";
export type { FileContext, FilesOf, Reconcile } from "./files/service-files.ts";

// A whole machine, from services that are data, and planned by hand.
export { service, userOf } from "./services/service.ts";
export type { ServiceSpec } from "./services/service.ts";
export type { ServiceDeclaration, ServiceRole } from "./services/declaration.ts";
export { allow, egress, internal } from "./machine/machine-definition.ts";
export type { Allowance, MachineDefinition, NetworkRequest } from "./machine/machine-definition.ts";
export { planMachine } from "./machine/plan-machine.ts";
export type { MachineInput, MachinePlan, PlannedContainer } from "./machine/plan-machine.ts";
export type { Commands, UnlockedImage } from "./machine/commands.ts";
export type { DeclaredFlow, Declarations, ProgramDeclaration } from "./machine/declarations.ts";
export { Machine } from "./machine/machine.ts";
export type { MachineArgs } from "./machine/machine.ts";

// Settings, images, and what is wrong with them.
export { parseSettings } from "./settings/settings.ts";
export type { HostSettings } from "./settings/host.ts";
export type { MachineSettings, Settings } from "./settings/settings.ts";
export { imageReference, parseImageLock } from "./container/image-lock.ts";
export type { ImageLock, LockedImage } from "./container/image-lock.ts";
export { ProblemsError } from "./lib/problems.ts";
export type { Problem } from "./lib/problems.ts";
