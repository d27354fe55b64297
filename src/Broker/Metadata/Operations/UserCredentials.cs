using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Sasl.Scram;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>Sets and deletes what proves users' passwords, in a broker that runs or in a data folder that nobody serves.</summary>
public static class UserCredentials
{
    public const int LeastIterations = ScramHash.LeastIterations;
    public const int MostIterations = ScramHash.MostIterations;
    public const int SaltBytes = 20;

    /// <summary>Sets a user's password for one mechanism.</summary>
    /// <param name="store">The metadata.</param>
    /// <param name="user">Whose, and for which mechanism.</param>
    /// <param name="password">Nowhere kept.</param>
    /// <param name="iterations">From <see cref="LeastIterations"/> to <see cref="MostIterations"/>.</param>
    /// <param name="salt">Drawn for this password, <see cref="SaltBytes"/> of what nobody may guess.</param>
    /// <returns>The revision as of which it is so.</returns>
    /// <exception cref="ArgumentException">A user or password that is empty, or a number of iterations out of bounds.</exception>
    /// <exception cref="OutcomeUnknownException">Whether it was set cannot be found out.</exception>
    public static Task<long> Set(IMetadataStore store, ScramUser user, string password, int iterations, byte[] salt)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        ArgumentNullException.ThrowIfNull(salt);
        if (iterations is < LeastIterations or > MostIterations) throw new ArgumentException($"{iterations} iterations; it takes {LeastIterations} to {MostIterations}", nameof(iterations));
        var hash = ScramHash.Find(user.Mechanism) ?? throw new ArgumentException($"mechanism {(int)user.Mechanism}, which there is not", nameof(user));
        return SetSalted(store, user, hash.SaltedPassword(password, salt, iterations), iterations, salt);
    }

    /// <summary>Sets it from a password that was salted elsewhere.</summary>
    internal static async Task<long> SetSalted(IMetadataStore store, ScramUser user, byte[] saltedPassword, int iterations, byte[] salt)
    {
        if (string.IsNullOrEmpty(user.Name)) throw new ArgumentException("a user without a name", nameof(user));
        var credential = ScramHash.Find(user.Mechanism)!.Credential(saltedPassword, salt, iterations);
        return (await new AlterRecord(store).RunAsync<CredentialRecord>(MetadataKeys.Credential(user), _ => credential).ConfigureAwait(false)).Revision;
    }

    /// <returns>The revision as of which there is none.</returns>
    /// <exception cref="OutcomeUnknownException">Whether it was deleted cannot be found out.</exception>
    public static async Task<long> Delete(IMetadataStore store, ScramUser user) =>
        (await new AlterRecord(store).RunAsync<CredentialRecord>(MetadataKeys.Credential(user), static _ => null).ConfigureAwait(false)).Revision;
}
