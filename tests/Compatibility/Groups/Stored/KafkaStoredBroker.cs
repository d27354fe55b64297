using System.Net;
using Moldau.Compatibility.Differential;

namespace Moldau.Compatibility.Groups.Stored;

internal sealed class KafkaStoredBroker : StoredBroker
{
    private KafkaBroker? _broker;

    public override string Name => "Kafka";

    public override IPEndPoint Address => _broker!.Address;

    public override string Data => _broker!.Data;

    public override async Task StartAsync() => _broker = _broker is null ? await KafkaBroker.StartAsync(Settings) : await _broker.StartAgainAsync();

    public override Task StopAsync() => _broker!.StopAsync();

    public override ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? ValueTask.CompletedTask;
}
