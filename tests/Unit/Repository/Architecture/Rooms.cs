namespace Moldau.Unit.Repository.Architecture;

/// <summary>
/// The rooms and their arrows, which point down only. Some rooms do not exist yet; the table says where they will stand.
/// </summary>
internal static class Rooms
{
    public static readonly IReadOnlyList<Room> All =
    [
        new("Protocol", "Moldau.Protocol"),
        new("Storage", "Moldau.Storage", "Protocol"),
        new("Coordination", "Moldau.Coordination", "Protocol"),
        new("Broker", "Moldau.Broker", "Storage", "Coordination", "Protocol"),
        new("Cluster", "Moldau.Cluster", "Broker", "Storage", "Coordination", "Protocol"),
        new("Client", "Moldau.Client", "Protocol"),

        // These speak the public protocol through Client, so they run against any Kafka cluster.
        new("Streams", "Moldau.Streams", "Client", "Protocol"),
        new("Connect", "Moldau.Connect", "Client", "Protocol"),
        new("SchemaRegistry", "Moldau.SchemaRegistry", "Client", "Protocol"),
        new("Console", "Moldau.Console", "Client", "Protocol"),
        new("Hosting", "Moldau.Extensions.Hosting", "Client", "Protocol"),

        new("Testing", "Moldau.Testing", "Broker", "Client", "Storage", "Coordination", "Protocol"),
        new("Host", "Moldau.Host", "Console", "Connect", "SchemaRegistry", "Streams", "Client", "Cluster", "Broker", "Storage", "Coordination", "Protocol"),
    ];

    public static Room? Find(string folder) => All.FirstOrDefault(room => room.Folder == folder);
}
