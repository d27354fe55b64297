using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security.Rules;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Acls;

/// <summary>DeleteAcls: the rules that match filters hold no more when the answer says so; it lists them.</summary>
internal sealed class DeleteAcls(IMetadataStore store, MetadataFollower metadata, LiveSettings settings, NetworkLog log) : TypedHandler<DeleteAclsRequest, DeleteAclsResponse>(log)
{
    /// <summary>As with Kafka.</summary>
    private const int MostAtOnce = 10_000;

    private readonly AlterAcls _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, DeleteAclsRequest request, DeleteAclsResponse response)
    {
        Rules.RequireAuthorizer(settings);
        var filters = new List<RuleFilter>();
        for (var i = 0; i < request.Filters.Count; i++)
        {
            var asked = request.Filters[i];
            filters.Add(new RuleFilter(
                asked.ResourceTypeFilter, asked.ResourceNameFilter, asked.PatternTypeFilter, asked.PrincipalFilter, asked.HostFilter, asked.Operation, asked.PermissionType));
        }

        while (true)
        {
            var image = metadata.Current;
            var matching = Match(image, filters, response);
            if (matching.Count == 0) return;
            var (areGone, revision) = await _alter.RemoveAsync([.. matching]).ConfigureAwait(false);
            await metadata.WaitForAsync(revision).ConfigureAwait(false);
            // Else somebody else has removed one of them: what is left is looked at anew.
            if (!areGone) continue;
            foreach (var rule in matching.Values) exchange.Changed("deleted", "rule", Rules.Text(rule.Record));
            return;
        }
    }

    protected override void Refuse(DeleteAclsRequest request, DeleteAclsResponse response, ErrorCode error, string? message)
    {
        for (var i = 0; i < request.Filters.Count; i++) response.FilterResults.Add(new DeleteAclsResponse.FilterResult { ErrorCode = error, ErrorMessage = message });
    }

    private static Dictionary<Uuid, Stored<AclRecord>> Match(MetadataImage image, List<RuleFilter> filters, DeleteAclsResponse response)
    {
        response.FilterResults.Clear();
        var all = new Dictionary<Uuid, Stored<AclRecord>>();
        foreach (var filter in filters)
        {
            var result = new DeleteAclsResponse.FilterResult { ErrorMessage = null };
            response.FilterResults.Add(result);
            if (filter.Fault() is { } fault)
            {
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidRequest, $"{fault}, which is not known");
                continue;
            }

            foreach (var (id, stored) in image.Acls)
            {
                if (filter.Matches(stored.Record)) all[id] = stored;
            }

            if (all.Count > MostAtOnce)
                throw new RequestRefusedException(ErrorCode.InvalidRequest, $"{all.Count} rules would be deleted; {MostAtOnce} are the most that one request may: narrow its filters");
            foreach (var rule in Rules.Matching(image, filter)) result.MatchingAcls.Add(Row(rule));
        }

        return all;
    }

    private static DeleteAclsResponse.Acl Row(AclRecord rule) => new()
    {
        ErrorMessage = null,
        ResourceType = (sbyte)rule.Resource,
        ResourceName = rule.Name,
        PatternType = (sbyte)rule.Pattern,
        Principal = rule.Principal,
        Host = rule.Host,
        Operation = (sbyte)rule.Operation,
        PermissionType = (sbyte)rule.Permission,
    };
}
