using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security.Rules;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Acls;

/// <summary>DescribeAcls: the rules that match a filter, by the resources they are about.</summary>
internal sealed class DescribeAcls(MetadataFollower metadata, LiveSettings settings, NetworkLog log) : TypedHandler<DescribeAclsRequest, DescribeAclsResponse>(log)
{
    protected override ValueTask HandleAsync(Exchange exchange, DescribeAclsRequest request, DescribeAclsResponse response)
    {
        Rules.RequireAuthorizer(settings);
        var filter = new RuleFilter(
            request.ResourceTypeFilter, request.ResourceNameFilter, request.PatternTypeFilter, request.PrincipalFilter, request.HostFilter, request.Operation, request.PermissionType);
        if (filter.Fault() is { } fault) throw new RequestRefusedException(ErrorCode.InvalidRequest, $"{fault}, which is not known");
        response.ErrorMessage = null;
        var resources = new Dictionary<(AclResource, AclPattern, string), DescribeAclsResponse.Resource>();
        foreach (var rule in Rules.Matching(metadata.Current, filter))
        {
            if (!resources.TryGetValue((rule.Resource, rule.Pattern, rule.Name), out var resource))
            {
                resource = new DescribeAclsResponse.Resource { ResourceType = (sbyte)rule.Resource, ResourceName = rule.Name, PatternType = (sbyte)rule.Pattern };
                resources.Add((rule.Resource, rule.Pattern, rule.Name), resource);
                response.Resources.Add(resource);
            }

            resource.Acls.Add(new DescribeAclsResponse.Acl
            {
                Principal = rule.Principal, Host = rule.Host, Operation = (sbyte)rule.Operation, PermissionType = (sbyte)rule.Permission,
            });
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeAclsRequest request, DescribeAclsResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);
}
