namespace Moldau.Broker.Security.Sasl.Scram;

/// <summary>The last message of a client: <c>c=HEADER,r=NONCE,EXTENSIONS,p=PROOF</c>.</summary>
/// <param name="Header">What he sent before the signed part of his first message, once more.</param>
/// <param name="WithoutProof">What is signed.</param>
internal sealed record ScramClientFinal(byte[] Header, string Nonce, string WithoutProof, byte[] Proof)
{
    /// <returns>Null where it is none.</returns>
    public static ScramClientFinal? Read(string message)
    {
        var end = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (end < 0) return null;
        var signed = message[..end];
        var parts = signed.Split(',');
        if (parts.Length < 2 || !parts[0].StartsWith("c=", StringComparison.Ordinal) || !parts[1].StartsWith("r=", StringComparison.Ordinal)) return null;
        return Bytes(parts[0][2..]) is { } header && Bytes(message[(end + 3)..]) is { } proof ? new ScramClientFinal(header, parts[1][2..], signed, proof) : null;
    }

    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }
}
