using Moldau.Client;
using Moldau.Host.Commands;
using Moldau.Host.Commands.Connecting;
using Xunit;

namespace Moldau.Unit.Host.Commands.Connecting;

public sealed class ClientPropertiesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("PLAIN", "PLAIN")]
    [InlineData("SCRAM-SHA-256", "SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512", "SCRAM-SHA-512")]
    public void Kafkas_own_lines_are_taken(string mechanism, string expected)
    {
        var options = Apply("security.protocol=SASL_SSL", $"sasl.mechanism={mechanism}", "sasl.jaas.config=a.b.SomeModule required username=\"al\\\\\"ice\" password=\"; =\\\\\\\\\" ;", "linger.ms=5");

        Assert.Equal(expected, options.Sasl!.Mechanism);
        Assert.NotNull(options.Tls);
    }

    [Theory]
    [InlineData("security.protocol=TLS", ":1: security.protocol takes PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, not 'TLS'")]
    [InlineData("sasl.mechanim=PLAIN", ":1: sasl.mechanim is not known here; did you mean sasl.mechanism?")]
    [InlineData("security.protocol=SASL_SSL", ": sasl.mechanism is missing")]
    [InlineData("security.protocol=SASL_SSL\nsasl.mechanism=PLAIN", ": sasl.jaas.config with username=\"...\" is missing")]
    [InlineData("security.protocol=SASL_SSL\nsasl.mechanism=NTLM", ":2: sasl.mechanism takes PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or GSSAPI here, not 'NTLM'")]
    [InlineData("security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=x required username=\"a", ":3: sasl.jaas.config: the quote before character 22 is not closed")]
    [InlineData("security.protocol=SSL\nssl.truststore.location=/nowhere", ": Could not find file '/nowhere'.")]
    [InlineData("security.protocol=SSL\nssl.truststore.certificates=none", ": ssl.truststore.certificates is neither PEM nor PKCS#12 nor a Java keystore")]
    public void What_does_not_fit_is_named_with_its_place(string text, string expected)
    {
        var misuse = Assert.Throws<MisuseException>(() => Apply(text));

        Assert.Equal(_file + expected, misuse.Message);
    }

    private KafkaClientOptions Apply(params string[] lines)
    {
        File.WriteAllLines(_file, lines);
        return ClientProperties.Read(_file).Apply(new KafkaClientOptions());
    }
}
