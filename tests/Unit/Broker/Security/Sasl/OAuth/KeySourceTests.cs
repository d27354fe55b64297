using System.Net;
using System.Text;
using Moldau.Broker.Security.Sasl.OAuth;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Shared.Security;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Broker.Security.Sasl.OAuth;

public sealed class KeySourceTests : IDisposable
{
    private readonly TokenKey _one = TokenKey.Make("one", "ES256");
    private readonly TokenKey _two = TokenKey.Make("two", "ES256");
    private readonly SetClock _clock = new();
    private Func<string> _answer;

    public KeySourceTests() => _answer = () => TokenKey.Set(_one);

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task Keys_are_kept_and_read_again_when_they_are_old()
    {
        var source = Source();
        for (var i = 0; i < 5; i++) Assert.True((await source.ForAsync("one")).Has("one"));
        Assert.Equal(1, source.Reads);
        _answer = () => TokenKey.Set(_two);
        _clock.Pass(3601);
        await source.ForAsync("one");
        await UntilAsync(source, 2);
        Assert.True((await source.ForAsync("two")).Has("two"));
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_looked_for_but_not_all_the_time()
    {
        var source = Source();
        await source.ForAsync("one");
        _clock.Pass(11);
        _answer = () => TokenKey.Set(_one, _two);
        Assert.True((await source.ForAsync("two")).Has("two"));
        Assert.Equal(2, source.Reads);
        for (var i = 0; i < 100; i++) Assert.False((await source.ForAsync($"forged-{i}")).Has($"forged-{i}"));
        Assert.Equal(2, source.Reads);
        _clock.Pass(10);
        await source.ForAsync("forged");
        Assert.Equal(3, source.Reads);
    }

    [Fact]
    public async Task What_was_known_does_while_the_place_is_not_there()
    {
        var source = Source();
        await source.ForAsync("one");
        _answer = () => throw new TokenException("gone");
        _clock.Pass(3601);
        Assert.True((await source.ForAsync("one")).Has("one"));
        await UntilAsync(source, 2);
        // Backed off: 100 ms, 200, 400, and no more than 10 s.
        Assert.True((await source.ForAsync("one")).Has("one"));
        Assert.Equal(2, source.Reads);
        _clock.Pass(0.1);
        await source.ForAsync("one");
        await UntilAsync(source, 3);
        _clock.Pass(0.1);
        await source.ForAsync("one");
        Assert.Equal(3, source.Reads);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"keys\":7}")]
    [InlineData("not json")]
    public async Task Keys_that_cannot_be_read_are_no_keys(string text)
    {
        _answer = () => text;
        Assert.Contains("cannot be had", (await Assert.ThrowsAsync<TokenException>(() => Source().ForAsync("one"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_keys_among_them_are_passed_over()
    {
        _answer = () => $$"""{"keys":[7,{},{"kty":"oct","k":"AAAA","kid":"one"},{"kty":"RSA","kid":"bad","n":"!","e":"AQAB"},{"kty":"EC","kid":"off","crv":"P-256","x":"AAAA","y":"AAAA"},{{_two.Public()}}]}""";
        var keys = await Source().ForAsync("two");
        Assert.Equal(1, keys.Count);
    }

    [Fact]
    public async Task Over_HTTP_what_is_too_large_or_no_success_is_refused()
    {
        var place = new Place();
        using var http = new HttpMessageInvoker(place);
        var reader = new KeyReader(new DiskSmallFiles(), http, TimeProvider.System);
        var where = new Uri("https://keys/all");
        place.Answer = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        Assert.Equal("{}", Encoding.UTF8.GetString(await reader.ReadAsync(where)));
        place.Answer = () => new HttpResponseMessage(HttpStatusCode.NotFound);
        Assert.Contains("404", (await Assert.ThrowsAsync<TokenException>(() => reader.ReadAsync(where))).Message, StringComparison.Ordinal);
        place.Answer = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[2 * 1024 * 1024]) };
        Assert.Contains("more than", (await Assert.ThrowsAsync<TokenException>(() => reader.ReadAsync(where))).Message, StringComparison.Ordinal);
        place.Answer = () => throw new HttpRequestException("no such host");
        Assert.Contains("no such host", (await Assert.ThrowsAsync<TokenException>(() => reader.ReadAsync(where))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TokenException>(() => reader.ReadAsync(new Uri("file:///nowhere/keys.json")));
    }

    private KeySource Source() => new(new KeySourceSettings(new Uri("https://keys/"), 3_600_000, 100, 10_000), Read, _clock);

    private Task<byte[]> Read(Uri where) => Task.FromResult(Encoding.UTF8.GetBytes(_answer()));

    private static async Task UntilAsync(KeySource source, int reads)
    {
        while (source.Reads < reads) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private sealed class Place : HttpMessageHandler
    {
        public Func<HttpResponseMessage> Answer { get; set; } = static () => new HttpResponseMessage();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Answer());
    }
}
