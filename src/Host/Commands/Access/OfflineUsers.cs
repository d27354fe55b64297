using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Host.Serving;
using Moldau.Storage.Files;

namespace Moldau.Host.Commands.Access;

/// <summary>Users written into the data folder of a broker that does not run.</summary>
internal static class OfflineUsers
{
    private const int SaltBytes = 24;

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
        var mechanism = (ScramMechanism)(int)password.Mechanism;
        return BrokerServer.AlterStoppedAsync(options, async store =>
            await new AlterRecord(store).RunAsync<CredentialRecord>(MetadataKeys.Credential(new ScramUser(mechanism, password.User)), _ => Credential(mechanism, password)).ConfigureAwait(false));
    }

    private static CredentialRecord Credential(ScramMechanism mechanism, NewPassword password)
    {
        var (hash, size) = mechanism == ScramMechanism.Sha512 ? (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes) : (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Password), salt, password.Iterations, hash, size);
        var stored = CryptographicOperations.HashData(hash, CryptographicOperations.HmacData(hash, salted, "Client Key"u8));
        return new CredentialRecord(salt, stored, CryptographicOperations.HmacData(hash, salted, "Server Key"u8), password.Iterations);
    }
}
