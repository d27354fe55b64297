using System.Text;
using Moldau.Broker;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Broker.Security.Tokens;
using Xunit;

namespace Moldau.Unit.Broker.Security.Sasl;

public class ScramServerTests
{
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

    /// <summary>The example of RFC 7677, section 3.</summary>
    [Fact]
    public async Task The_example_of_the_RFC_comes_out()
    {
        using var server = Server(ScramHash.Sha256, "pencil");

        var first = await SayAsync(server, ClientFirst);
        Assert.Equal($"r=rOprNGfwEbeRWgbNEkqO{ServerNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", Text(first));
        var final = await SayAsync(server, $"c=biws,r=rOprNGfwEbeRWgbNEkqO{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");

        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Text(final));
        Assert.Equal("user", final.Identity?.Name);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    public async Task Whoever_knows_the_password_enters_and_nobody_else(string mechanism)
    {
        var hash = ScramHash.Find(mechanism)!;
        Assert.Equal("user", (await TalkAsync(hash, "pencil", "pencil")).Identity?.Name);
        Assert.NotNull((await TalkAsync(hash, "pencil", "Pencil")).Reason);
        Assert.NotNull((await TalkAsync(hash, null, "pencil")).Reason);
    }

    private static MetadataImage Empty() => MetadataImage.Empty;

    [Fact]
    public async Task An_unknown_user_is_asked_as_a_known_one_is_and_each_time_the_same()
    {
        var accounts = new ScramAccounts(Empty, [1, 2, 3], new DelegationTokens(Empty, new LiveSettings(new Dictionary<string, string>())), TimeProvider.System);
        var (one, again, other) = (accounts.User(ScramHash.Sha512, "ghost"), accounts.User(ScramHash.Sha512, "ghost"), accounts.User(ScramHash.Sha512, "other"));

        Assert.Null(one.Identity);
        Assert.Equal(one.Credential.Salt.ToArray(), again.Credential.Salt.ToArray());
        Assert.NotEqual(one.Credential.Salt.ToArray(), other.Credential.Salt.ToArray());
        using var server = new ScramServer(ScramHash.Sha512, (_, _) => one, ServerNonce);
        Assert.Null((await SayAsync(server, ClientFirst)).Reason);
    }

    /// <summary>As librdkafka did it until 2.6.1, which Kafka 4 refuses; ours has been seen all the same.</summary>
    [Fact]
    public async Task A_client_may_say_its_part_of_the_nonce_twice()
    {
        foreach (var (times, enters) in new[] { (1, true), (2, true), (3, false), (0, false) })
        {
            using var server = Server(ScramHash.Sha256, "pencil");
            var client = new ScramTalk(ScramHash.Sha256, "user", "pencil") { NonceTimes = times };
            var first = await SayAsync(server, client.First);
            Assert.Equal(enters, (await SayAsync(server, client.Final(Text(first)))).Identity is not null);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("n,,")]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=user")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("n,,n=user,r=a\nb")]
    [InlineData("n,b=x,n=user,r=abc")]
    [InlineData("n,a=other,n=user,r=abc")]
    [InlineData("n,,m=must,n=user,r=abc")]
    public async Task A_first_message_that_is_none_is_refused(string message)
    {
        using var server = Server(ScramHash.Sha256, "pencil");
        Assert.NotNull((await SayAsync(server, message)).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=!!!!")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndWQ=")]
    public async Task A_last_message_that_is_none_or_wrong_is_refused(string message)
    {
        using var server = Server(ScramHash.Sha256, "pencil");
        Assert.Null((await SayAsync(server, ClientFirst)).Reason);
        var step = await SayAsync(server, message);
        Assert.NotNull(step.Reason);
        Assert.Null(step.Identity);
        Assert.Null(step.Told);
    }

    [Theory]
    [InlineData("a=2Cb", "a,b")]
    [InlineData("a=3Db", "a=b")]
    [InlineData("žluť kůň", "žluť kůň")]
    public async Task A_name_may_have_any_letter(string written, string name)
    {
        string? asked = null;
        using var server = new ScramServer(ScramHash.Sha256, (user, _) => Account(asked = user, ScramHash.Sha256, "x"), ServerNonce);
        await SayAsync(server, $"n,,n={written},r=abc");
        Assert.Equal(name, asked);
    }

    internal static async Task<SaslStep> TalkAsync(ScramHash hash, string? known, string given)
    {
        using var server = Server(hash, known);
        var client = new ScramTalk(hash, "user", given);
        var first = await SayAsync(server, client.First);
        return first.Reason is not null ? first : await SayAsync(server, client.Final(Text(first)));
    }

    private static ScramServer Server(ScramHash hash, string? password) => new(hash, (name, _) => Account(name, hash, password), ServerNonce);

    private static ScramAccount Account(string name, ScramHash hash, string? password) => new(
        hash.Credential(hash.SaltedPassword(password ?? "made up", Salt, 4096), Salt, 4096), password is null ? null : new SaslIdentity(name));

    private static ValueTask<SaslStep> SayAsync(ScramServer server, string message) => server.StepAsync(Encoding.UTF8.GetBytes(message));

    private static string Text(SaslStep step) => Encoding.UTF8.GetString(step.Token.Span);
}
