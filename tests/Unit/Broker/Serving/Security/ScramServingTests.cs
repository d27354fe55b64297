using Moldau.Broker;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Serving.Security;

/// <summary>Users that are kept in the metadata.</summary>
public class ScramServingTests
{
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task Users_come_go_and_change_while_the_broker_runs()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        using var admin = await broker.ConnectAsync();
        await admin.PlainAsync("alice", "wonder");
        foreach (var hash in new[] { ScramHash.Sha256, ScramHash.Sha512 })
        {
            Assert.Equal(ErrorCode.None, (await SetAsync(admin, hash, "carol", "one")).ErrorCode);
            Assert.Equal(ErrorCode.None, await EnterAsync(broker, hash, "carol", "one"));
            await SetAsync(admin, hash, "carol", "two");
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, await EnterAsync(broker, hash, "carol", "one"));
            Assert.Equal(ErrorCode.None, await EnterAsync(broker, hash, "carol", "two"));
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, await EnterAsync(broker, hash, "nobody", "two"));
        }

        Assert.Equal(ErrorCode.None, (await DeleteAsync(admin, "carol", 2)).ErrorCode);
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, await EnterAsync(broker, ScramHash.Sha512, "carol", "two"));
        Assert.Equal(ErrorCode.None, await EnterAsync(broker, ScramHash.Sha256, "carol", "two"));
        Assert.Equal(ErrorCode.ResourceNotFound, (await DeleteAsync(admin, "carol", 2)).ErrorCode);
    }

    [Fact]
    public async Task Descriptions_name_mechanisms_and_iterations()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        using var admin = await broker.ConnectAsync();
        await admin.PlainAsync("alice", "wonder");
        await SetAsync(admin, ScramHash.Sha512, "zoe", "pw", 8192);
        await SetAsync(admin, ScramHash.Sha256, "zoe", "pw");
        await SetAsync(admin, ScramHash.Sha256, "adam", "pw");

        var all = await DescribeAsync(admin);
        Assert.Equal(["adam: 1 4096", "zoe: 1 4096, 2 8192"], all);
        Assert.Equal(["adam: DuplicateResource", "nobody: ResourceNotFound", "zoe: 1 4096, 2 8192"], await DescribeAsync(admin, "zoe", "nobody", "adam", "adam"));
    }

    [Fact]
    public async Task What_cannot_be_altered_is_told_of_each_user()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        using var admin = await broker.ConnectAsync();
        await admin.PlainAsync("alice", "wonder");
        var request = new AlterUserScramCredentialsRequest
        {
            Deletions = [Deletion("gone", 1), Deletion("both", 1), Deletion("odd", 9)],
            Upsertions =
            [
                Upsertion(ScramHash.Sha256, "few", "pw", 4095), Upsertion(ScramHash.Sha256, "many", "pw", 16385), Upsertion(ScramHash.Sha256, "", "pw"),
                Upsertion(ScramHash.Sha256, "twice", "pw"), Upsertion(ScramHash.Sha512, "twice", "pw"), Upsertion(ScramHash.Sha512, "both", "pw"), Upsertion(ScramHash.Sha512, "good", "pw"),
            ],
        };
        var response = await admin.AskAsync<AlterUserScramCredentialsResponse>(ApiKey.AlterUserScramCredentials, 0, request);
        var results = response.Results.ToDictionary(static result => result.User, static result => result.ErrorCode);

        Assert.Equal(ErrorCode.ResourceNotFound, results["gone"]);
        Assert.Equal(ErrorCode.ResourceNotFound, results["both"]);
        Assert.Equal(ErrorCode.UnsupportedSaslMechanism, results["odd"]);
        Assert.Equal(ErrorCode.UnacceptableCredential, results["few"]);
        Assert.Equal(ErrorCode.UnacceptableCredential, results["many"]);
        Assert.Equal(ErrorCode.UnacceptableCredential, results[""]);
        Assert.Equal(ErrorCode.DuplicateResource, results["twice"]);
        Assert.Equal(ErrorCode.None, results["good"]);
        Assert.Equal(["good: 2 4096"], await DescribeAsync(admin));
    }

    [Fact]
    public async Task The_first_user_can_be_made_before_the_first_start()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        var user = new ScramUser(ScramMechanism.Sha512, "root");
        await BrokerServer.AlterStoppedAsync(TestBroker.Options(disk), store => UserCredentials.Set(store, user, "first", UserCredentials.LeastIterations, Salt));
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: SaslTalk.Settings("SCRAM-SHA-512")))
            Assert.Equal(ErrorCode.None, await EnterAsync(broker, ScramHash.Sha512, "root", "first"));
        await using var again = await TestBroker.StartAsync(disk: disk, settings: SaslTalk.Settings("SCRAM-SHA-512"));
        Assert.Equal(ErrorCode.None, await EnterAsync(again, ScramHash.Sha512, "root", "first"));
    }

    [Theory]
    [InlineData("root", "", 4096)]
    [InlineData("", "pw", 4096)]
    [InlineData("root", "pw", 1)]
    [InlineData("root", "pw", 1_000_000)]
    public async Task A_user_that_nobody_could_be_is_not_made(string name, string password, int iterations)
    {
        await using var store = LocalMetadataStore.Open(new MemoryFileSystem(keepsHistory: false), "/", new Random(1));
        await Assert.ThrowsAsync<ArgumentException>(() => UserCredentials.Set(store, new ScramUser(ScramMechanism.Sha256, name), password, iterations, Salt));
    }

    internal static async Task<AlterUserScramCredentialsResponse.Result> SetAsync(Conversation admin, ScramHash hash, string name, string password, int iterations = 4096) =>
        Assert.Single((await admin.AskAsync<AlterUserScramCredentialsResponse>(
            ApiKey.AlterUserScramCredentials, 0, new AlterUserScramCredentialsRequest { Upsertions = [Upsertion(hash, name, password, iterations)] })).Results);

    private static async Task<ErrorCode> EnterAsync(TestBroker broker, ScramHash hash, string name, string password)
    {
        using var client = await broker.ConnectAsync();
        return (await client.ScramAsync(hash, name, password)).ErrorCode;
    }

    private static async Task<AlterUserScramCredentialsResponse.Result> DeleteAsync(Conversation admin, string name, sbyte mechanism) =>
        Assert.Single((await admin.AskAsync<AlterUserScramCredentialsResponse>(
            ApiKey.AlterUserScramCredentials, 0, new AlterUserScramCredentialsRequest { Deletions = [Deletion(name, mechanism)] })).Results);

    private static async Task<List<string>> DescribeAsync(Conversation admin, params string[] names)
    {
        var request = new DescribeUserScramCredentialsRequest { Users = names.Length == 0 ? null : [] };
        foreach (var name in names) request.Users!.Add(new DescribeUserScramCredentialsRequest.Selection { Name = name });
        var response = await admin.AskAsync<DescribeUserScramCredentialsResponse>(ApiKey.DescribeUserScramCredentials, 0, request);
        return [.. response.Results.Select(static result => $"{result.User}: {(result.ErrorCode != ErrorCode.None ? result.ErrorCode.ToString()
            : string.Join(", ", result.CredentialInfos.Select(static info => $"{info.Mechanism} {info.Iterations}")))}")];
    }

    private static AlterUserScramCredentialsRequest.Deletion Deletion(string name, sbyte mechanism) => new() { Name = name, Mechanism = mechanism };

    private static AlterUserScramCredentialsRequest.Upsertion Upsertion(ScramHash hash, string name, string password, int iterations = 4096) => new()
    {
        Name = name,
        Mechanism = (sbyte)hash.Mechanism,
        Iterations = iterations,
        Salt = Salt,
        SaltedPassword = hash.SaltedPassword(password, Salt, 4096 <= iterations && iterations <= 16384 ? iterations : 4096),
    };
}
