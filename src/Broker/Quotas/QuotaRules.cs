using System.Collections.Immutable;
using System.Net;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Quotas;

/// <summary>All limits as of one image, and whose each is. Never changed.</summary>
internal sealed class QuotaRules
{
    private readonly ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>> _quotas;
    private readonly bool[] _has = new bool[(int)QuotaLimit.Connections + 1];
    private readonly Dictionary<string, double> _addresses = new(StringComparer.Ordinal);
    private readonly double? _otherAddresses;

    public QuotaRules(ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>> quotas)
    {
        _quotas = quotas;
        foreach (var (entity, stored) in quotas)
        {
            foreach (var name in QuotaName.OfClients) _has[(int)name.Limit] |= entity.Address is null && stored.Record.Limits.ContainsKey(name.Name);
            if (entity.Address is not { } address || !stored.Record.Limits.TryGetValue(QuotaName.ConnectionCreationRate.Name, out var rate)) continue;
            _has[(int)QuotaLimit.Connections] = true;
            if (address.Name is not { } text) _otherAddresses = rate;
            else if (IPAddress.TryParse(text, out var parsed)) _addresses[Spelt(parsed)] = rate;
        }

        LimitsClients = Has(QuotaLimit.Produce) || Has(QuotaLimit.Fetch) || Has(QuotaLimit.RequestTime) || Has(QuotaLimit.Mutations);
    }

    public static QuotaRules None { get; } = new(ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>>.Empty);

    /// <summary>Whether anybody's requests are limited.</summary>
    public bool LimitsClients { get; }

    public bool IsOf(MetadataImage image) => ReferenceEquals(_quotas, image.Quotas);

    public bool Has(QuotaLimit limit) => _has[(int)limit];

    /// <summary>How connections' addresses are spelt.</summary>
    public static string Spelt(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    public double? OfAddress(string address) => _addresses.TryGetValue(address, out var own) ? own : _otherAddresses;

    /// <summary>
    /// The limit that counts: the first there is, from the nearest to the widest. Who shares it follows from where it was
    /// found: a limit for a user and a client id is for the pair, one for a user for all his client ids together.
    /// </summary>
    /// <returns>Null where there is none.</returns>
    public QuotaShare? Find(QuotaLimit limit, string user, string client)
    {
        if (!Has(limit)) return null;
        var (mine, any) = (QuotaSubject.Of(user), QuotaSubject.Default);
        var own = QuotaSubject.Of(client);
        return Pair(mine, own) ?? Pair(mine, any) ?? User(mine) ?? Pair(any, own) ?? Pair(any, any) ?? User(any) ?? Client(own) ?? Client(any);

        QuotaShare? Pair(QuotaSubject of, QuotaSubject by) => Share(new QuotaEntity(of, by), user, client);

        QuotaShare? User(QuotaSubject of) => Share(new QuotaEntity(of), user, null);

        QuotaShare? Client(QuotaSubject by) => Share(new QuotaEntity(ClientId: by), null, client);

        QuotaShare? Share(QuotaEntity entity, string? ofUser, string? ofClient) =>
            _quotas.TryGetValue(entity, out var stored) && stored.Record.Limits.TryGetValue(QuotaName.Of(limit).Name, out var value)
                ? new QuotaShare(value, new QuotaMeterKey(limit, ofUser, ofClient)) : null;
    }
}
