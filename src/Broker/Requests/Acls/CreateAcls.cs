using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Acls;

/// <summary>CreateAcls: rules that hold when the answer says so. One that is not possible does not keep the others from it.</summary>
internal sealed class CreateAcls(IMetadataStore store, MetadataFollower metadata, LiveSettings settings, NetworkLog log) : TypedHandler<CreateAclsRequest, CreateAclsResponse>(log)
{
    private readonly AlterAcls _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, CreateAclsRequest request, CreateAclsResponse response)
    {
        Rules.RequireAuthorizer(settings);
        var rules = new List<AclRecord>();
        for (var i = 0; i < request.Creations.Count; i++)
        {
            var asked = request.Creations[i];
            var result = new CreateAclsResponse.Result { ErrorMessage = null };
            response.Results.Add(result);
            if (Fault(asked) is { } fault)
            {
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidRequest, fault);
                continue;
            }

            rules.Add(new AclRecord(
                (AclResource)asked.ResourceType, (AclPattern)asked.ResourcePatternType, asked.ResourceName, asked.Principal, asked.Host,
                (AclOperation)asked.Operation, (AclPermission)asked.PermissionType));
        }

        if (rules.Count == 0) return;
        var revision = await _alter.AddAsync(rules, metadata.Current).ConfigureAwait(false);
        await metadata.WaitForAsync(revision).ConfigureAwait(false);
        foreach (var rule in rules) exchange.Changed("created", "rule", Rules.Text(rule));
    }

    protected override void Refuse(CreateAclsRequest request, CreateAclsResponse response, ErrorCode error, string? message)
    {
        for (var i = 0; i < request.Creations.Count; i++) response.Results.Add(new CreateAclsResponse.Result { ErrorCode = error, ErrorMessage = message });
    }

    private static string? Fault(CreateAclsRequest.Acl asked)
    {
        if (!Enum.IsDefined((AclResource)asked.ResourceType)) return $"a rule about a resource of type {asked.ResourceType}; 2 to 7 are known";
        if (!Enum.IsDefined((AclPattern)asked.ResourcePatternType)) return $"a rule with a pattern of type {asked.ResourcePatternType}; a rule's is 3 (literal) or 4 (prefixed)";
        if (!Enum.IsDefined((AclOperation)asked.Operation)) return $"a rule about an operation {asked.Operation}; 2 to 15 are known";
        if (!Enum.IsDefined((AclPermission)asked.PermissionType)) return $"a rule with a permission {asked.PermissionType}; 2 (deny) and 3 (allow) are known";
        if (asked.ResourceName.Length == 0) return "a rule about a resource without a name; * is all of the type";
        if (asked.ResourceType == (sbyte)AclResource.Cluster && asked.ResourceName != Access.Cluster) return $"a rule about a cluster '{asked.ResourceName}'; its only name is {Access.Cluster}";
        if (!asked.Principal.Contains(':', StringComparison.Ordinal)) return $"a rule about '{asked.Principal}', which is no principal: it is a type and a name, such as User:{asked.Principal}";
        return asked.Host.Length == 0 ? "a rule without a host; * is every one" : null;
    }
}
