using Moldau.Broker.Timing;

namespace Moldau.Broker.Network;

/// <summary>A connection that was told to wait is not listened to before the time is over.</summary>
internal sealed class MuteTimer(Connection connection, Delays delays) : Delay
{
    private long _until;

    /// <summary>Belongs to the lane.</summary>
    public bool IsOn => _until != 0 && delays.Now < _until;

    public void Begin(int milliseconds)
    {
        _until = Math.Max(_until, delays.Now + milliseconds);
        delays.Schedule(this, milliseconds);
    }

    public void End() => delays.Cancel(this);

    public override void Elapsed() => connection.Poke();
}
