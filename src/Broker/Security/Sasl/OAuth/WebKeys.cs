using System.Text.Json;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>A key set, as it was found.</summary>
internal sealed class WebKeys
{
    private const int Most = 256;

    private readonly List<WebKey> _keys = [];

    private WebKeys()
    {
    }

    public int Count => _keys.Count;

    /// <exception cref="TokenException">It is none.</exception>
    public static WebKeys Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
                throw new TokenException("what is there is JSON, and no key set: it has no list of keys");
            var keys = new WebKeys();
            foreach (var one in list.EnumerateArray())
            {
                if (keys.Count < Most && WebKey.Read(one) is { } key) keys._keys.Add(key);
            }

            return keys;
        }
        catch (JsonException)
        {
            throw new TokenException("what is there is not JSON");
        }
    }

    /// <summary>Whether there is a key of the id a token names; one that names none may be any key's.</summary>
    public bool Has(string? id) => id is null ? _keys.Count > 0 : _keys.Exists(key => key.Id == id);

    public bool HaveSigned(WebToken token, WebAlgorithm algorithm)
    {
        foreach (var key in _keys)
        {
            if ((token.KeyId is null || token.KeyId == key.Id) && key.Fits(algorithm) && key.HasSigned(token, algorithm)) return true;
        }

        return false;
    }
}
