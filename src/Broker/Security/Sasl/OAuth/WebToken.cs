using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>A signed token in its compact form (RFC 7515, section 7.1), taken apart; nothing of it is believed yet.</summary>
internal sealed class WebToken
{
    private const int MostBytes = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private WebToken(string algorithm, string? keyId, byte[] signed, byte[] signature, JsonElement claims)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Signed = signed;
        Signature = signature;
        Claims = claims;
    }

    public string Algorithm { get; }

    public string? KeyId { get; }

    public byte[] Signed { get; }

    public byte[] Signature { get; }

    public JsonElement Claims { get; }

    /// <exception cref="TokenException">It is none.</exception>
    public static WebToken Read(string text)
    {
        if (text.Length > MostBytes) throw new TokenException($"a token of {text.Length} characters; at most {MostBytes} are taken");
        var parts = text.Split('.', 4);
        if (parts.Length != 3) throw new TokenException("a token that is not three parts with points between them");
        var header = Json(parts[0], "header");
        // What a token says must be understood is not understood (RFC 7515, section 4.1.11).
        if (header.TryGetProperty("crit", out _)) throw new TokenException("a token with a header that must be understood (crit)");
        var algorithm = Text(header, "alg") ?? throw new TokenException("a token that names no algorithm");
        return new WebToken(algorithm, Text(header, "kid"), Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), Bytes(parts[2], "signature"), Json(parts[1], "claims"));
    }

    internal static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Json(string part, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(Bytes(part, what), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new TokenException($"a token whose {what} is no object");
        }
        catch (JsonException)
        {
            throw new TokenException($"a token whose {what} is not JSON");
        }
    }

    private static byte[] Bytes(string part, string what)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw new TokenException($"a token whose {what} is not base64url");
        }
    }
}
