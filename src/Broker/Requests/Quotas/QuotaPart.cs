using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Requests.Quotas;

/// <summary>How the protocol names the parts of whom a quota is for.</summary>
internal static class QuotaPart
{
    public const string User = "user";
    public const string ClientId = "client-id";
    public const string Address = "ip";

    public static bool IsKnown(string type) => type is User or ClientId or Address;

    /// <summary>Null where the entity has no such part.</summary>
    public static QuotaSubject? Of(QuotaEntity entity, string type) => type switch
    {
        User => entity.User,
        ClientId => entity.ClientId,
        _ => entity.Address,
    };

    public static QuotaEntity With(QuotaEntity entity, string type, QuotaSubject subject) => type switch
    {
        User => entity with { User = subject },
        ClientId => entity with { ClientId = subject },
        _ => entity with { Address = subject },
    };

    /// <summary>In the order in which Kafka tells of them, which clients have come to count on.</summary>
    public static IEnumerable<(string Type, string? Name)> All(QuotaEntity entity)
    {
        if (entity.ClientId is { } client) yield return (ClientId, client.Name);
        if (entity.User is { } user) yield return (User, user.Name);
        if (entity.Address is { } address) yield return (Address, address.Name);
    }
}
