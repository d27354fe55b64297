using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Host.Serving;
using Moldau.Storage.Files;

namespace Moldau.Host.Commands.Access;

/// <summary>Users written into the data folder of a broker that does not run.</summary>
internal static class OfflineUsers
{
    // Whatever else its settings say, nobody is served meanwhile.
    private static readonly string[] Kept = ["log.dirs", "log.dir", "node.id", "broker.id"];

    public static Task SetAsync(string folder, string? config, NewPassword password)
    {
        var read = ServerSettings.Read(new StartOptions { Data = folder, Config = config });
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["listeners"] = "PLAINTEXT://127.0.0.1:0" };
        foreach (var name in Kept)
        {
            if (read.Values.TryGetValue(name, out var value)) settings[name] = value;
        }

        var options = new BrokerOptions
        {
            Disk = new DiskFileSystem(),
            Clock = TimeProvider.System,
            Chance = new Random(),
            Logs = NullLoggerFactory.Instance,
            Settings = settings,
            Owner = "moldau user set",
        };
        var user = new ScramUser((ScramMechanism)(int)password.Mechanism, password.User);
        return BrokerServer.AlterStoppedAsync(
            options, store => UserCredentials.Set(store, user, password.Password, password.Iterations, RandomNumberGenerator.GetBytes(UserCredentials.SaltBytes)));
    }
}
