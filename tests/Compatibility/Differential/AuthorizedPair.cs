using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>Our broker and Kafka's, both of which ask who somebody is and what he may do.</summary>
public sealed class AuthorizedPair : IAsyncLifetime
{
    private AuthorizedBroker? _ours;
    private KafkaBroker? _kafkas;

    public async ValueTask InitializeAsync()
    {
        if (!KafkaJars.IsThere) return;
        _kafkas = await KafkaBroker.StartAsync(AuthorizedBroker.Settings, users: Users.Names);
        _ours = await AuthorizedBroker.StartAsync();
        using var kafkas = Kafkas();
        await Users.PrepareAsync(kafkas);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ours is not null) await _ours.DisposeAsync();
        if (_kafkas is not null) await _kafkas.DisposeAsync();
    }

    internal int OursPort => _ours!.Port;

    internal int KafkasPort => _kafkas!.Address.Port;

    /// <summary>Where nobody is asked who he is.</summary>
    internal int OursOpenPort => _ours!.OpenPort;

    /// <inheritdoc cref="OursOpenPort"/>
    internal int KafkasOpenPort => _kafkas!.OpenPort;

    internal BrokerSide Ours() => _ours!.Side();

    internal BrokerSide Kafkas() => new("Kafka", _kafkas!.Address) { Administrator = Users.Administrator, Introduce = Users.IntroduceAsync };
}
