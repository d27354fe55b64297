using System.Security.Cryptography;
using System.Text;
using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Users who prove themselves by SCRAM: listed, given a password, deleted.</summary>
public sealed class UserAdmin
{
    public const int FewestIterations = 4096;
    public const int MostIterations = 16384;

    private readonly ClientCore _core;

    internal UserAdmin(ClientCore core) => _core = core;

    /// <param name="users">Whose; none for everybody's. One without any comes with its error.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<IReadOnlyList<UserCredential>>>> ListAsync(IReadOnlyCollection<string>? users = null, CancellationToken cancellation = default)
    {
        var request = new DescribeUserScramCredentialsRequest { Users = users is { Count: > 0 } ? [.. users.Select(static user => new DescribeUserScramCredentialsRequest.Selection { Name = user })] : null };
        var response = await _core.Router.AskAsync<DescribeUserScramCredentialsResponse>(
            Destination.Any, ApiKey.DescribeUserScramCredentials, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<IReadOnlyList<UserCredential>>>();
        foreach (var result in response.Results)
        {
            var credentials = new List<UserCredential>();
            foreach (var info in result.CredentialInfos) credentials.Add(new(result.User, (ScramMechanism)info.Mechanism, info.Iterations));
            outcomes.Add(new(result.User, credentials, result.ErrorCode == ErrorCode.None ? null : KafkaException.Of(result.ErrorCode, result.ErrorMessage, result.User)));
        }

        outcomes.Sort(static (one, other) => string.CompareOrdinal(one.Item, other.Item));
        return outcomes;
    }

    /// <summary>Gives a user a password, salted here: it never crosses the wire.</summary>
    /// <exception cref="KafkaException">It was refused.</exception>
    public Task SetPasswordAsync(string user, ScramMechanism mechanism, string password, int iterations = FewestIterations, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, FewestIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MostIterations);
        ArgumentException.ThrowIfNullOrEmpty(password);
        var salt = Encoding.UTF8.GetBytes(_core.Options.Nonce());
        var (hash, size) = mechanism == ScramMechanism.Sha512 ? (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes) : (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, hash, size);
        var request = new AlterUserScramCredentialsRequest
        {
            Upsertions = [new AlterUserScramCredentialsRequest.Upsertion { Name = user, Mechanism = (sbyte)mechanism, Iterations = iterations, Salt = salt, SaltedPassword = salted }],
        };
        return AlterAsync(user, request, cancellation);
    }

    /// <exception cref="KafkaException">It was refused, or the user has none of this mechanism.</exception>
    public Task DeleteAsync(string user, ScramMechanism mechanism, CancellationToken cancellation = default) =>
        AlterAsync(user, new AlterUserScramCredentialsRequest { Deletions = [new AlterUserScramCredentialsRequest.Deletion { Name = user, Mechanism = (sbyte)mechanism }] }, cancellation);

    private Task<AlterUserScramCredentialsResponse> AlterAsync(string user, AlterUserScramCredentialsRequest request, CancellationToken cancellation) =>
        _core.Router.AskAsync<AlterUserScramCredentialsResponse>(
            Destination.Controller, ApiKey.AlterUserScramCredentials, request,
            answer => answer.Results.Count == 0 ? (ErrorCode.None, null) : (answer.Results[0].ErrorCode, answer.Results[0].ErrorMessage is { Length: > 0 } told ? $"user {user}: {told}" : null), cancellation);
}
