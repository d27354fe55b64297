using System.Net;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Quotas;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Quotas;

/// <summary>What is to change for one entity, checked.</summary>
internal sealed class QuotaAlteration
{
    // Null where the limit is lifted.
    private readonly Dictionary<string, double?> _limits = new(StringComparer.Ordinal);

    private QuotaAlteration(QuotaEntity entity) => Entity = entity;

    public QuotaEntity Entity { get; }

    /// <exception cref="RequestRefusedException">There is no such entity, or no such limit for it.</exception>
    public static QuotaAlteration Of(AlterClientQuotasRequest.Entry asked)
    {
        var alteration = new QuotaAlteration(EntityOf(asked));
        var names = alteration.Entity.Address is null ? QuotaName.OfClients : QuotaName.OfAddresses;
        foreach (var change in asked.Ops)
        {
            if (!alteration._limits.TryAdd(change.Key, change.Remove ? null : change.Value)) throw Refused($"'{change.Key}' is named twice for one entity");
        }

        foreach (var (key, value) in alteration._limits)
        {
            // What nobody knows can be removed all the same: nothing is what there is of it.
            if (value is not { } limit) continue;
            if (names.FirstOrDefault(known => known.Name == key) is not { } name)
                throw Refused($"there is no limit '{key}' for {(alteration.Entity.Address is null ? "users and client ids" : "addresses")}: {string.Join(", ", names.Select(static known => known.Name))}");
            if (name.Fault(limit) is { } fault) throw Refused(fault);
        }

        return alteration;
    }

    public QuotaRecord? Apply(QuotaRecord? before)
    {
        var limits = new Dictionary<string, double>(before?.Limits ?? new Dictionary<string, double>(), StringComparer.Ordinal);
        foreach (var (key, value) in _limits)
        {
            if (value is { } limit) limits[key] = limit;
            else limits.Remove(key);
        }

        return limits.Count == 0 ? null : new QuotaRecord(limits);
    }

    private static QuotaEntity EntityOf(AlterClientQuotasRequest.Entry asked)
    {
        if (asked.Entity.Count == 0) throw Refused("a quota of nobody: a user, a client id or an address is needed");
        var entity = default(QuotaEntity);
        foreach (var part in asked.Entity)
        {
            if (!QuotaPart.IsKnown(part.EntityType)) throw Refused($"there are no quotas by '{part.EntityType}': user, client-id and ip are known");
            if (part.EntityName is "") throw Refused($"an empty {part.EntityType}; the default has no name at all");
            entity = QuotaPart.With(entity, part.EntityType, new QuotaSubject(part.EntityName));
        }

        if (entity.Address is { } address)
        {
            if (entity.User is not null || entity.ClientId is not null) throw Refused("an address has quotas of its own, and none together with a user or a client id");
            if (address.Name is { } text && !IPAddress.TryParse(text, out _)) throw Refused($"'{text}' is no address; names of hosts are not looked up");
        }

        return entity;
    }

    private static RequestRefusedException Refused(string message) => new(ErrorCode.InvalidRequest, message);
}
