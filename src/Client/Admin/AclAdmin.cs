using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Rules of who may do what: listed, made, deleted.</summary>
public sealed class AclAdmin
{
    private const sbyte Any = 1;

    private readonly ClientCore _core;

    internal AclAdmin(ClientCore core) => _core = core;

    /// <exception cref="KafkaException">It was refused, or the cluster asks for no rules.</exception>
    public async Task<IReadOnlyList<AclRule>> ListAsync(AclFilter filter, CancellationToken cancellation = default)
    {
        var request = new DescribeAclsRequest
        {
            ResourceTypeFilter = (sbyte?)filter.Resource ?? Any,
            ResourceNameFilter = filter.Name,
            PatternTypeFilter = (sbyte?)filter.Pattern ?? Any,
            PrincipalFilter = filter.Principal,
            HostFilter = filter.Host,
            Operation = (sbyte?)filter.Operation ?? Any,
            PermissionType = (sbyte?)filter.Permission ?? Any,
        };
        var response = await _core.Router.AskAsync<DescribeAclsResponse>(
            Destination.Any, ApiKey.DescribeAcls, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var rules = new List<AclRule>();
        foreach (var resource in response.Resources)
        {
            foreach (var acl in resource.Acls) rules.Add(Rule(resource.ResourceType, resource.ResourceName, resource.PatternType, acl.Principal, acl.Host, acl.Operation, acl.PermissionType));
        }

        rules.Sort(InOrder);
        return rules;
    }

    public async Task<IReadOnlyList<Outcome<AclRule>>> CreateAsync(IReadOnlyList<AclRule> rules, CancellationToken cancellation = default)
    {
        var request = new CreateAclsRequest();
        foreach (var rule in rules)
        {
            request.Creations.Add(new CreateAclsRequest.Acl
            {
                ResourceType = (sbyte)rule.Resource, ResourceName = rule.Name, ResourcePatternType = (sbyte)rule.Pattern,
                Principal = rule.Principal, Host = rule.Host, Operation = (sbyte)rule.Operation, PermissionType = (sbyte)rule.Permission,
            });
        }

        var response = await _core.Router.AskAsync<CreateAclsResponse>(Destination.Controller, ApiKey.CreateAcls, request, static _ => (ErrorCode.None, null), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<AclRule>>();
        for (var i = 0; i < rules.Count && i < response.Results.Count; i++)
        {
            var result = response.Results[i];
            outcomes.Add(new(rules[i].ToString(), rules[i], result.ErrorCode == ErrorCode.None ? null : KafkaException.Of(result.ErrorCode, result.ErrorMessage, rules[i].ToString())));
        }

        return outcomes;
    }

    /// <summary>Deletes what the filters mean, and tells what that was.</summary>
    public async Task<IReadOnlyList<Outcome<AclRule>>> DeleteAsync(IReadOnlyList<AclFilter> filters, CancellationToken cancellation = default)
    {
        var request = new DeleteAclsRequest();
        foreach (var filter in filters)
        {
            request.Filters.Add(new DeleteAclsRequest.Filter
            {
                ResourceTypeFilter = (sbyte?)filter.Resource ?? Any, ResourceNameFilter = filter.Name, PatternTypeFilter = (sbyte?)filter.Pattern ?? Any,
                PrincipalFilter = filter.Principal, HostFilter = filter.Host, Operation = (sbyte?)filter.Operation ?? Any, PermissionType = (sbyte?)filter.Permission ?? Any,
            });
        }

        var response = await _core.Router.AskAsync<DeleteAclsResponse>(Destination.Controller, ApiKey.DeleteAcls, request, static _ => (ErrorCode.None, null), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<AclRule>>();
        foreach (var result in response.FilterResults)
        {
            if (result.ErrorCode != ErrorCode.None) outcomes.Add(new("a filter", null, KafkaException.Of(result.ErrorCode, result.ErrorMessage)));
            foreach (var acl in result.MatchingAcls)
            {
                var rule = Rule(acl.ResourceType, acl.ResourceName, acl.PatternType, acl.Principal, acl.Host, acl.Operation, acl.PermissionType);
                outcomes.Add(new(rule.ToString(), rule, acl.ErrorCode == ErrorCode.None ? null : KafkaException.Of(acl.ErrorCode, acl.ErrorMessage, rule.ToString())));
            }
        }

        return outcomes;
    }

    private static AclRule Rule(sbyte resource, string name, sbyte pattern, string principal, string host, sbyte operation, sbyte permission) =>
        new((AclResourceType)resource, name, (AclPatternType)pattern, principal, host, (AclOperation)operation, (AclPermission)permission);

    private static int InOrder(AclRule one, AclRule other)
    {
        if (one.Resource != other.Resource) return one.Resource.CompareTo(other.Resource);
        var order = string.CompareOrdinal(one.Name, other.Name);
        if (order == 0) order = one.Pattern.CompareTo(other.Pattern);
        if (order == 0) order = string.CompareOrdinal(one.Principal, other.Principal);
        if (order == 0) order = one.Operation.CompareTo(other.Operation);
        return order != 0 ? order : string.CompareOrdinal(one.Host, other.Host);
    }
}
