namespace Moldau.Broker.Security.Sasl;

/// <summary>What a mechanism makes of a token.</summary>
internal readonly record struct SaslStep
{
    /// <summary>What the other side gets.</summary>
    public ReadOnlyMemory<byte> Token { get; private init; }

    /// <summary>Set when it is over, and well.</summary>
    public SaslIdentity? Identity { get; private init; }

    /// <summary>Why not, for the log; null where it is not over, or well.</summary>
    public string? Reason { get; private init; }

    /// <summary>Why not, for the other side; null for words that tell nothing.</summary>
    public string? Told { get; private init; }

    public static SaslStep GoOn(ReadOnlyMemory<byte> token) => new() { Token = token };

    public static SaslStep Done(SaslIdentity identity, ReadOnlyMemory<byte> token = default) => new() { Identity = identity, Token = token };

    /// <summary>Refused; the other side learns no more than that.</summary>
    public static SaslStep Refuse(string reason) => new() { Reason = reason };

    /// <summary>Refused, with words for the other side that help nobody in guessing.</summary>
    public static SaslStep RefuseSaying(string told) => RefuseSaying(told, told);

    /// <summary>The same, where the log says more.</summary>
    public static SaslStep RefuseSaying(string told, string reason) => new() { Reason = reason, Told = told };
}
