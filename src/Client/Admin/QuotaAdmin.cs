using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>How much users, clients and addresses may take: told and changed.</summary>
public sealed class QuotaAdmin
{
    private const sbyte ByName = 0;
    private const sbyte ByDefault = 1;
    private const sbyte ByType = 2;

    private readonly ClientCore _core;

    internal QuotaAdmin(ClientCore core) => _core = core;

    /// <param name="filters">What an entity must have, all of it; none for every entity.</param>
    /// <param name="isStrict">Whether it may have nothing else.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<QuotaInfo>> ListAsync(IReadOnlyCollection<QuotaFilter> filters, bool isStrict = false, CancellationToken cancellation = default)
    {
        var request = new DescribeClientQuotasRequest { Strict = isStrict };
        foreach (var filter in filters)
            request.Components.Add(new DescribeClientQuotasRequest.Component { EntityType = filter.Type, MatchType = filter.IsDefault ? ByDefault : filter.Name is null ? ByType : ByName, Match = filter.Name });
        var response = await _core.Router.AskAsync<DescribeClientQuotasResponse>(
            Destination.Any, ApiKey.DescribeClientQuotas, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var quotas = new List<QuotaInfo>();
        foreach (var entry in response.Entries ?? [])
        {
            var parts = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var part in entry.Entity) parts[part.EntityType] = part.EntityName;
            var limits = new SortedDictionary<string, double>(StringComparer.Ordinal);
            foreach (var value in entry.Values) limits[value.Key] = value.Value;
            quotas.Add(new(new QuotaTarget(parts), limits));
        }

        quotas.Sort(static (one, other) => string.CompareOrdinal(one.Target.ToString(), other.Target.ToString()));
        return quotas;
    }

    /// <param name="target">Whose limits.</param>
    /// <param name="changes">The limits by name; null takes one away.</param>
    /// <param name="validateOnly">Whether it is only to be checked.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KafkaException">It was refused.</exception>
    public Task AlterAsync(QuotaTarget target, IReadOnlyDictionary<string, double?> changes, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var entry = new AlterClientQuotasRequest.Entry();
        foreach (var (type, name) in target.Parts) entry.Entity.Add(new AlterClientQuotasRequest.Part { EntityType = type, EntityName = name });
        foreach (var (key, value) in changes) entry.Ops.Add(new AlterClientQuotasRequest.Change { Key = key, Value = value ?? 0, Remove = value is null });
        return _core.Router.AskAsync<AlterClientQuotasResponse>(
            Destination.Controller, ApiKey.AlterClientQuotas, new AlterClientQuotasRequest { Entries = [entry], ValidateOnly = validateOnly },
            static answer => answer.Entries.Count == 0 ? (ErrorCode.None, null) : (answer.Entries[0].ErrorCode, answer.Entries[0].ErrorMessage), cancellation);
    }
}
