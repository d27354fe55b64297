using System.Security.Cryptography;
using System.Text;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Security.Sasl.OAuth;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Shared.Security;
using Xunit;

namespace Moldau.Unit.Broker.Security.Sasl.OAuth;

public sealed class OAuthServerTests
{
    private const string Good = """{"sub":"alice","iss":"https://issuer","aud":["other","kafka"],"iat":1700000000,"exp":1700000600,"scope":"read write"}""";

    private static readonly TokenKey Key = TokenKey.Make("one", "RS256");
    private static readonly KeySourceSettings Where = new(new Uri("file:///keys"), 3_600_000, 100, 10_000);

    private readonly SetClock _clock = new();

    public static TheoryData<string> Algorithms => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_signed_token_says_who_speaks(string algorithm)
    {
        using var key = TokenKey.Make("k", algorithm);
        var step = await SayAsync(key.Sign(Good), keys: TokenKey.Set(key));
        Assert.Equal(new SaslIdentity("alice", 1_700_000_600_000), step.Identity);
    }

    [Theory]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":1699999969}""", "expired")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000000}""", "never ends")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","exp":1700000600}""", "since when")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000031,"exp":1700000600}""", "later than now")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000000,"nbf":1700000031,"exp":1700000600}""", "yet")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":"never"}""", "no time")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":1e300}""", "no time")]
    [InlineData("""{"sub":"alice","iss":"https://evil","aud":"kafka","iat":1700000000,"exp":1700000600}""", "issuer")]
    [InlineData("""{"sub":"alice","aud":"kafka","iat":1700000000,"exp":1700000600}""", "issuer")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":"other","iat":1700000000,"exp":1700000600}""", "others")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","aud":7,"iat":1700000000,"exp":1700000600}""", "neither")]
    [InlineData("""{"sub":"alice","iss":"https://issuer","iat":1700000000,"exp":1700000600}""", "not for whom")]
    [InlineData("""{"sub":"  ","iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":1700000600}""", "names nobody")]
    [InlineData("""{"sub":["alice"],"iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":1700000600}""", "names nobody")]
    [InlineData("""{"iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":1700000600}""", "names nobody")]
    [InlineData("""{"sub":"alice","sub":"bob","iss":"https://issuer","aud":"kafka","iat":1700000000,"exp":1700000600}""", "not JSON")]
    [InlineData("""["alice"]""", "no object")]
    [InlineData("""{"sub":"alice" """, "not JSON")]
    public async Task Claims_that_do_not_count_are_refused(string claims, string reason) => await RefusedAsync(Key.Sign(claims), reason);

    [Fact]
    public async Task Clocks_may_differ_a_little()
    {
        Assert.NotNull((await SayAsync(Key.Sign("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1700000029,"nbf":1700000029,"exp":1700000600}"""))).Identity);
        Assert.NotNull((await SayAsync(Key.Sign("""{"sub":"alice","iss":"https://issuer","aud":"kafka","iat":1699990000,"exp":1699999971.5}"""))).Identity);
    }

    [Fact]
    public async Task The_claims_that_count_can_be_others()
    {
        var settings = Settings() with { SubjectClaim = "client_id", Issuer = null, Audience = [] };
        Assert.Equal("svc", (await SayAsync(Key.Sign("""{"client_id":"svc","iat":1700000000,"exp":1700000600}"""), settings)).Identity?.Name);
        await RefusedAsync(Key.Sign("""{"client_id":"svc","aud":"x","iat":1700000000,"exp":1700000600}"""), "names nobody", settings);
    }

    [Fact]
    public async Task Whatever_is_not_signed_by_a_known_key_is_refused()
    {
        using var stranger = TokenKey.Make("one", "RS256");
        using var unknown = TokenKey.Make("two", "RS256");
        await RefusedAsync(stranger.Sign(Good), "wrong signature");
        await RefusedAsync(unknown.Sign(Good), "not known");
        var good = Key.Sign(Good);
        await RefusedAsync(good[..^8] + (good[^8] == 'A' ? 'B' : 'A') + good[^7..], "wrong signature");
        var parts = good.Split('.');
        await RefusedAsync($"{parts[0]}.{TokenKey.Encode(Good.Replace("alice", "admin", StringComparison.Ordinal))}.{parts[2]}", "wrong signature");
        await RefusedAsync($"{parts[0]}.{parts[1]}.", "wrong signature");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("RS1")]
    [InlineData("EdDSA")]
    public async Task An_algorithm_that_proves_nothing_does_not_count(string algorithm)
    {
        var signed = $"{TokenKey.Encode($$"""{"alg":"{{algorithm}}","kid":"one"}""")}.{TokenKey.Encode(Good)}";
        // The public key as if it were a secret one: what HS256 beside RS256 has let through elsewhere.
        var forged = HMACSHA256.HashData(Encoding.ASCII.GetBytes(Key.Pem), Encoding.ASCII.GetBytes(signed));
        await RefusedAsync($"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(forged)}", "algorithm that does not count");
        await RefusedAsync(signed + ".", "algorithm that does not count");
    }

    [Fact]
    public async Task A_key_signs_what_it_is_for_and_nothing_else()
    {
        using var curve = TokenKey.Make("one", "ES256");
        using var weak = TokenKey.Make("one", "RS256", 1024);
        await RefusedAsync(Key.Sign(Good), "wrong signature", keys: $$"""{"keys":[{{Key.Public(",\"alg\":\"PS256\"")}}]}""");
        await RefusedAsync(Key.Sign(Good), "not known", keys: $$"""{"keys":[{{Key.Public(",\"use\":\"enc\"")}}]}""");
        await RefusedAsync(Key.Sign(Good), "wrong signature", keys: TokenKey.Set(curve));
        await RefusedAsync(curve.Sign(Good, """{"alg":"ES384","kid":"one"}"""), "wrong signature", keys: TokenKey.Set(curve));
        await RefusedAsync(weak.Sign(Good), "not known", keys: TokenKey.Set(weak));
        await RefusedAsync(Key.Sign(Good, """{"alg":"RS256","kid":"one","crit":["b64"]}"""), "crit");
        Assert.NotNull((await SayAsync(Key.Sign(Good, """{"alg":"RS256"}"""))).Identity);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("a.b.c")]
    [InlineData("...")]
    [InlineData("e30.e30.e30")]
    [InlineData("W10.e30.e30")]
    [InlineData("x x.y.z")]
    public async Task What_is_no_token_is_refused(string token) => await RefusedAsync(token, "token");

    [Fact]
    public async Task A_huge_token_is_refused_before_it_is_looked_at() => await RefusedAsync(new string('a', 70_000) + ".b.c", "at most");

    [Fact]
    public async Task Deep_JSON_is_refused() => await RefusedAsync(Key.Sign(new string('[', 5000)), "not JSON");

    [Theory]
    [InlineData("")]
    [InlineData("n,,")]
    [InlineData("n,,\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer \u0001\u0001")]
    [InlineData("n,,\u0001auth=Basic abc\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer a.b.c\u0001")]
    [InlineData("p=x,,\u0001auth=Bearer a.b.c\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer a.b.c\u0001auth=Bearer a.b.c\u0001\u0001")]
    [InlineData("n,,\u00010=x\u0001auth=Bearer a.b.c\u0001\u0001")]
    public async Task A_message_that_is_none_is_refused_at_once(string message)
    {
        using var server = Server(Settings(), TokenKey.Set(Key));
        Assert.NotNull((await server.StepAsync(Encoding.UTF8.GetBytes(message))).Reason);
    }

    [Fact]
    public async Task As_somebody_else_nobody_enters()
    {
        using var server = Server(Settings(), TokenKey.Set(Key));
        Assert.Contains("different", (await server.StepAsync(Encoding.UTF8.GetBytes($"n,a=bob,\u0001auth=Bearer {Key.Sign(Good)}\u0001\u0001"))).Told, StringComparison.Ordinal);
        using var same = Server(Settings(), TokenKey.Set(Key));
        Assert.NotNull((await same.StepAsync(Encoding.UTF8.GetBytes($"n,a=alice,\u0001logicalCluster=x\u0001auth=bearer {Key.Sign(Good)}\u0001\u0001"))).Identity);
    }

    private async Task RefusedAsync(string token, string reason, OAuthSettings? settings = null, string? keys = null)
    {
        using var server = Server(settings ?? Settings(), keys ?? TokenKey.Set(Key));
        var first = await server.StepAsync(Message(token));
        Assert.Null(first.Identity);
        Assert.Equal("""{"status":"invalid_token"}""", Encoding.UTF8.GetString(first.Token.Span));
        var last = await server.StepAsync(new byte[] { 1 });
        Assert.Equal("""{"status":"invalid_token"}""", last.Told);
        Assert.Contains(reason, last.Reason, StringComparison.Ordinal);
        // Whoever goes on instead of ending is refused, too.
        using var again = Server(settings ?? Settings(), keys ?? TokenKey.Set(Key));
        await again.StepAsync(Message(token));
        Assert.NotNull((await again.StepAsync(Message(Key.Sign(Good)))).Reason);
    }

    private async Task<SaslStep> SayAsync(string token, OAuthSettings? settings = null, string? keys = null)
    {
        using var server = Server(settings ?? Settings(), keys ?? TokenKey.Set(Key));
        return await server.StepAsync(Message(token));
    }

    private OAuthServer Server(OAuthSettings settings, string keys) =>
        new(settings, new KeySource(Where, _ => Task.FromResult(Encoding.UTF8.GetBytes(keys)), _clock), _clock);

    private static byte[] Message(string token) => Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {token}\u0001\u0001");

    private static OAuthSettings Settings() => new()
    {
        Keys = Where, Issuer = "https://issuer", Audience = ["kafka", "spare"], ScopeClaim = "scope", SubjectClaim = "sub", ClockSkewSeconds = 30,
    };
}
