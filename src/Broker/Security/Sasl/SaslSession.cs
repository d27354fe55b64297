using Moldau.Protocol.Messages;

namespace Moldau.Broker.Security.Sasl;

/// <summary>
/// What a connection of a listener that authenticates may send, and when. Times are those of the broker's delays. Used on
/// the lane and by the handlers of the two requests, which nothing overtakes.
/// </summary>
internal sealed class SaslSession(long now)
{
    /// <summary>Whoever has not said who he is by then is closed.</summary>
    public const long DeadlineMilliseconds = 30_000;

    /// <summary>Authenticating anew costs, and nobody needs it more often.</summary>
    private const long LeastBetween = 1000;

    private long _begun = now;
    private long? _begunAgain;
    private SaslServer? _server;

    public SaslStage Stage { get; private set; }

    public string? Mechanism { get; private set; }

    /// <summary>Whom it speaks for, as last found out.</summary>
    public SaslIdentity? Identity { get; private set; }

    /// <summary>When the session is over; null where it has no end.</summary>
    public long? ExpiresAt { get; private set; }

    public bool IsAgain => Identity is not null;

    /// <summary>Why the tokens that follow are refused, whatever they are.</summary>
    public string? Fault { get; private set; }

    /// <summary>The mechanism's side of ours, while it is spoken.</summary>
    public SaslServer Server => _server ?? throw new InvalidOperationException("no mechanism is being spoken");

    public bool IsLate(long now) => Stage != SaslStage.Open && now - Volatile.Read(ref _begun) > DeadlineMilliseconds;

    public SaslAdmission Admit(ApiKey key, bool isServedVersion, long now)
    {
        switch (Stage)
        {
            case SaslStage.Begun when key == ApiKey.ApiVersions:
                // Who asked in a version nobody here speaks asks once more.
                if (isServedVersion) Stage = SaslStage.KnowsVersions;
                return default;
            case SaslStage.Begun or SaslStage.KnowsVersions when key == ApiKey.SaslHandshake:
            case SaslStage.Tokens when key == ApiKey.SaslAuthenticate:
                return default;
            case SaslStage.Tokens:
                return new SaslAdmission($"{key} in the middle of authentication, which takes SaslAuthenticate", IsAnswered: true);
            case SaslStage.Open when ExpiresAt < now && key != ApiKey.SaslHandshake:
                return new SaslAdmission("its session is over, and it did not authenticate again (connections.max.reauth.ms)");
            case SaslStage.Open:
                return default;
            default:
                return new SaslAdmission($"{key} before it has authenticated, which takes SaslHandshake");
        }
    }

    /// <summary>Whether a handshake begins anything now: the first, or one anew of a session that ends.</summary>
    public bool MayShakeHands(long now) =>
        Stage is SaslStage.Begun or SaslStage.KnowsVersions
        || (Stage == SaslStage.Open && ExpiresAt is not null && (_begunAgain is not { } last || now - last >= LeastBetween));

    public void Begin(string mechanism, SaslServer server, bool isBare, long now)
    {
        Leave();
        if (IsAgain)
        {
            _begunAgain = now;
            Volatile.Write(ref _begun, now);
            if (mechanism != Mechanism) Fault = $"SASL mechanism '{mechanism}' requested by client is not supported for re-authentication of mechanism '{Mechanism}'";
        }
        else
        {
            Mechanism = mechanism;
        }

        _server = server;
        Stage = isBare ? SaslStage.BareTokens : SaslStage.Tokens;
    }

    /// <summary>It has been proved.</summary>
    /// <returns>Why it does not count all the same; null where it does.</returns>
    public string? Accept(SaslIdentity identity, long? lifetime, long now)
    {
        if (Identity is { } before && before.Name != identity.Name)
            return $"Cannot change principals during re-authentication from User.{before.Name}: User.{identity.Name}";
        Leave();
        Identity = identity;
        ExpiresAt = now + lifetime;
        Stage = SaslStage.Open;
        return null;
    }

    public void Refuse()
    {
        Leave();
        Stage = SaslStage.Refused;
    }

    /// <summary>What a mechanism holds goes.</summary>
    public void Leave()
    {
        _server?.Dispose();
        _server = null;
    }
}
