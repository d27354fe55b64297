using Moldau.Broker.Requests;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Telemetry;

/// <summary>Who pushes, as far as subscriptions ask.</summary>
public sealed record TelemetryIdentity(Uuid InstanceId, string ClientId, string SoftwareName, string SoftwareVersion, string Address, string Port)
{
    internal static TelemetryIdentity Of(Uuid instance, Exchange exchange)
    {
        var connection = exchange.Connection;
        var port = connection.Remote[(connection.Remote.LastIndexOf(':') + 1)..];
        return new TelemetryIdentity(instance, exchange.ClientId, connection.Software.Name, connection.Software.Version, connection.Address, port);
    }

    internal string Find(string name) => name switch
    {
        "client_instance_id" => InstanceId.ToString(),
        "client_id" => ClientId,
        "client_software_name" => SoftwareName,
        "client_software_version" => SoftwareVersion,
        "client_source_address" => Address,
        _ => Port,
    };
}
