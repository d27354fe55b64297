using System.Buffers.Binary;
using System.Text;
using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Security.Sasl;

namespace Moldau.Unit.Broker.Serving.Security;

/// <summary>A client's way in, over a conversation.</summary>
internal static class SaslTalk
{
    public const string PlainUsers = "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=\"wonder\" user_bob=\"builder\";";

    /// <summary>What a broker is told that authenticates.</summary>
    public static Dictionary<string, string> Settings(string mechanisms = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512", params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
            ["sasl.enabled.mechanisms"] = mechanisms,
            ["listener.name.sasl_plaintext.plain.sasl.jaas.config"] = PlainUsers,
            ["connection.failed.authentication.delay.ms"] = "0",
        };
        foreach (var (name, value) in more) settings[name] = value;
        return settings;
    }

    public static Task<SaslHandshakeResponse> ShakeHandsAsync(this Conversation client, string mechanism, short version = 1) =>
        client.AskAsync<SaslHandshakeResponse>(ApiKey.SaslHandshake, version, new SaslHandshakeRequest { Mechanism = mechanism });

    public static Task<SaslAuthenticateResponse> SayAsync(this Conversation client, string token, short version = 2) =>
        client.AskAsync<SaslAuthenticateResponse>(ApiKey.SaslAuthenticate, version, new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes(token) });

    public static async Task<SaslAuthenticateResponse> PlainAsync(this Conversation client, string name, string password)
    {
        await client.ShakeHandsAsync("PLAIN");
        return await client.SayAsync($"\0{name}\0{password}");
    }

    public static async Task<SaslAuthenticateResponse> ScramAsync(this Conversation client, ScramHash hash, string name, string password, string extensions = "")
    {
        var talk = new ScramTalk(hash, name, password, extensions);
        await client.ShakeHandsAsync(hash.Name);
        var first = await client.SayAsync(talk.First);
        return await client.SayAsync(talk.Final(Encoding.UTF8.GetString(first.AuthBytes.Span)));
    }

    public static Task<MetadataResponse> MetadataAsync(this Conversation client) =>
        client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = null });

    public static async Task SendTokenAsync(this Conversation client, byte[] token)
    {
        var frame = new byte[sizeof(int) + token.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, token.Length);
        token.CopyTo(frame, sizeof(int));
        await client.SendRawAsync(frame);
    }
}
