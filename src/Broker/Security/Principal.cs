namespace Moldau.Broker.Security;

/// <summary>Who asks, as authentication found out.</summary>
/// <param name="Type">User, everywhere in Kafka itself.</param>
/// <param name="Name">As rules and quotas have it.</param>
public sealed record Principal(string Type, string Name)
{
    public const string UserType = "User";

    /// <summary>Whoever comes through a listener that asks nobody who he is.</summary>
    public static Principal Anonymous { get; } = new(UserType, "ANONYMOUS");

    public override string ToString() => $"{Type}:{Name}";
}
