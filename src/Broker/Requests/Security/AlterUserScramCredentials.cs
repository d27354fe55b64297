using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>AlterUserScramCredentials: users get and lose what proves their passwords, each user at most once in a request.</summary>
internal sealed class AlterUserScramCredentials(IMetadataStore store, MetadataFollower metadata, NetworkLog log)
    : TypedHandler<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, AlterUserScramCredentialsRequest request, AlterUserScramCredentialsResponse response)
    {
        var refusals = new Dictionary<string, RequestRefusedException>(StringComparer.Ordinal);
        var changes = new Dictionary<string, Func<Task<long>>>(StringComparer.Ordinal);
        var image = metadata.Current;
        foreach (var deletion in request.Deletions)
        {
            var user = new ScramUser((ScramMechanism)deletion.Mechanism, deletion.Name);
            Collect(user.Name, refusals, changes, () => CheckDeletion(user, image), () => UserCredentials.Delete(store, user));
        }

        foreach (var upsertion in request.Upsertions)
        {
            var user = new ScramUser((ScramMechanism)upsertion.Mechanism, upsertion.Name);
            var (salted, salt, iterations) = (upsertion.SaltedPassword.ToArray(), upsertion.Salt.ToArray(), upsertion.Iterations);
            Collect(user.Name, refusals, changes, () => CheckUpsertion(user, salted, salt, iterations), () => UserCredentials.SetSalted(store, user, salted, iterations, salt));
        }

        var revision = 0L;
        foreach (var (name, change) in changes)
        {
            revision = Math.Max(revision, await change().ConfigureAwait(false));
            exchange.Changed("altered the credentials of", "user", name);
            response.Results.Add(new AlterUserScramCredentialsResponse.Result { User = name, ErrorMessage = null });
        }

        foreach (var (name, refusal) in refusals)
            response.Results.Add(new AlterUserScramCredentialsResponse.Result { User = name, ErrorCode = refusal.Error, ErrorMessage = refusal.Message });
        await metadata.WaitForAsync(revision).ConfigureAwait(false);
    }

    protected override void Refuse(AlterUserScramCredentialsRequest request, AlterUserScramCredentialsResponse response, ErrorCode error, string? message)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var deletion in request.Deletions) names.Add(deletion.Name);
        foreach (var upsertion in request.Upsertions) names.Add(upsertion.Name);
        foreach (var name in names) response.Results.Add(new AlterUserScramCredentialsResponse.Result { User = name, ErrorCode = error, ErrorMessage = message });
    }

    /// <summary>A user's first fault is what is told of him; one who is named twice is not altered at all.</summary>
    private static void Collect(string name, Dictionary<string, RequestRefusedException> refusals, Dictionary<string, Func<Task<long>>> changes, Action check, Func<Task<long>> change)
    {
        if (refusals.ContainsKey(name)) return;
        try
        {
            if (changes.Remove(name)) throw new RequestRefusedException(ErrorCode.DuplicateResource, $"'{name}' is named twice in one request: alter each user once");
            check();
            changes.Add(name, change);
        }
        catch (RequestRefusedException refused)
        {
            refusals.Add(name, refused);
        }
    }

    private static void CheckUser(ScramUser user)
    {
        if (user.Name.Length == 0) throw new RequestRefusedException(ErrorCode.UnacceptableCredential, "a user without a name");
        if (ScramHash.Find(user.Mechanism) is null)
            throw new RequestRefusedException(ErrorCode.UnsupportedSaslMechanism, $"mechanism {(int)user.Mechanism}; there are 1 (SCRAM-SHA-256) and 2 (SCRAM-SHA-512)");
    }

    private static void CheckDeletion(ScramUser user, MetadataImage image)
    {
        CheckUser(user);
        if (!image.Credentials.ContainsKey(user))
            throw new RequestRefusedException(ErrorCode.ResourceNotFound, $"'{user.Name}' has no credential for {ScramHash.Find(user.Mechanism)!.Name} that could be deleted");
    }

    private static void CheckUpsertion(ScramUser user, byte[] saltedPassword, byte[] salt, int iterations)
    {
        CheckUser(user);
        if (iterations is < ScramHash.LeastIterations or > ScramHash.MostIterations)
            throw new RequestRefusedException(ErrorCode.UnacceptableCredential, $"too {(iterations < ScramHash.LeastIterations ? "few" : "many")} iterations, {iterations}; it takes {ScramHash.LeastIterations} to {ScramHash.MostIterations}");
        if (saltedPassword.Length == 0 || salt.Length == 0) throw new RequestRefusedException(ErrorCode.UnacceptableCredential, "an empty salt, or an empty salted password");
    }
}
