using System.Security.Cryptography;
using System.Text;
using Moldau.Client.Security;
using Xunit;

namespace Moldau.Unit.Client.Security;

/// <summary>Against the examples of RFC 7677 (§3), and against brokers that are none.</summary>
public class ScramConversationTests
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    [Fact]
    public async Task It_says_what_the_specification_says()
    {
        var conversation = Begin();

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", Encoding.UTF8.GetString(await conversation.FirstAsync(CancellationToken.None)));
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Encoding.UTF8.GetString(conversation.Next(Encoding.UTF8.GetBytes(ServerFirst))!));
        Assert.Null(conversation.Next("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="u8));
    }

    [Theory]
    [InlineData("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("v=")]
    [InlineData("")]
    [InlineData("e=invalid-proof")]
    public void A_broker_that_does_not_prove_itself_is_not_believed(string serverFinal)
    {
        var conversation = Begin();
        conversation.Next(Encoding.UTF8.GetBytes(ServerFirst));

        Assert.Throws<SaslRefusedException>(() => conversation.Next(Encoding.UTF8.GetBytes(serverFinal)));
    }

    [Theory]
    [InlineData("r=somebody-elses,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")]
    [InlineData("\0")]
    public void What_would_weaken_the_password_is_refused(string serverFirst) =>
        Assert.Throws<SaslRefusedException>(() => Begin().Next(Encoding.UTF8.GetBytes(serverFirst)));

    private static ScramConversation Begin() => new(HashAlgorithmName.SHA256, "user", "pencil"u8.ToArray(), isToken: false, Nonce);
}
