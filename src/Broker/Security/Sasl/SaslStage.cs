namespace Moldau.Broker.Security.Sasl;

/// <summary>How far a connection has come on its way in.</summary>
internal enum SaslStage
{
    /// <summary>It may ask for versions, once, and must then name its mechanism.</summary>
    Begun,

    /// <summary>It has asked for versions.</summary>
    KnowsVersions,

    /// <summary>The mechanism's tokens follow, as requests.</summary>
    Tokens,

    /// <summary>They follow as they are, a frame each: the handshake was of version 0.</summary>
    BareTokens,

    /// <summary>It is in.</summary>
    Open,

    /// <summary>It was refused, and is closed behind the answer.</summary>
    Refused,
}
