namespace Moldau.Broker.Security;

/// <summary>How often it was asked at a listener who speaks, and what came of it.</summary>
internal sealed class AuthenticationCounts
{
    private long _succeeded;
    private long _failed;
    private long _succeededAgain;
    private long _failedAgain;
    private long _expired;

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Of connections that had authenticated before.</summary>
    public long SucceededAgain => Interlocked.Read(ref _succeededAgain);

    public long FailedAgain => Interlocked.Read(ref _failedAgain);

    /// <summary>Connections that were closed because they did not authenticate again in time.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    public void Count(bool succeeded, bool again) =>
        Interlocked.Increment(ref succeeded ? ref again ? ref _succeededAgain : ref _succeeded : ref again ? ref _failedAgain : ref _failed);

    public void CountExpired() => Interlocked.Increment(ref _expired);
}
