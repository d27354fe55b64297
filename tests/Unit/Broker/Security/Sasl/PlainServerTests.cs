using System.Text;
using Moldau.Broker.Security.Jaas;
using Moldau.Broker.Security.Sasl.Plain;
using Xunit;

namespace Moldau.Unit.Broker.Security.Sasl;

public class PlainServerTests
{
    private static readonly JaasEntry Users = JaasReader.Read("PlainLoginModule required username=\"admin\" password=\"broker\" user_alice=\"wonder\" user_=\"empty\" user_bob=\"\" \"user_o'dd = ;\"=\"x\";");

    [Theory]
    [InlineData("\0alice\0wonder", "alice")]
    [InlineData("alice\0alice\0wonder", "alice")]
    [InlineData("\0o'dd = ;\0x", "o'dd = ;")]
    public async Task Whoever_knows_the_password_enters(string message, string name)
    {
        using var server = new PlainServer(Users, [1]);
        Assert.Equal(name, (await server.StepAsync(Encoding.UTF8.GetBytes(message))).Identity?.Name);
    }

    [Theory]
    [InlineData("\0alice\0Wonder", "Authentication failed: Invalid username or password")]
    [InlineData("\0nobody\0wonder", "Authentication failed: Invalid username or password")]
    [InlineData("\0admin\0broker", "Authentication failed: Invalid username or password")]
    [InlineData("\0bob\0", "Authentication failed: password not specified")]
    [InlineData("\0\0empty", "Authentication failed: username not specified")]
    [InlineData("bob\0alice\0wonder", "Authentication failed: Client requested an authorization id that is different from username")]
    [InlineData("", "Invalid SASL/PLAIN response: expected 3 tokens, got 1")]
    [InlineData("\0alice", "Invalid SASL/PLAIN response: expected 3 tokens, got 2")]
    [InlineData("\0alice\0wonder\0", "Invalid SASL/PLAIN response: expected 3 tokens, got 4")]
    public async Task Everybody_else_is_refused_in_Kafkas_words(string message, string told)
    {
        using var server = new PlainServer(Users, [1]);
        var step = await server.StepAsync(Encoding.UTF8.GetBytes(message));
        Assert.Null(step.Identity);
        Assert.Equal(told, step.Told);
    }

    [Fact]
    public async Task A_broken_message_is_refused()
    {
        using var server = new PlainServer(Users, [1]);
        Assert.NotNull((await server.StepAsync(new byte[] { 0, 0xff, 0xfe, 0, 0xc0 })).Reason);
    }

    [Fact]
    public async Task Without_users_nobody_enters()
    {
        using var server = new PlainServer(null, [1]);
        Assert.NotNull((await server.StepAsync("\0alice\0wonder"u8.ToArray())).Reason);
    }
}
