namespace Moldau.Broker.Network;

/// <summary>Something that is to run on a lane. It is in at most one queue at a time.</summary>
internal abstract class LaneWork
{
    internal LaneWork? NextWork { get; set; }

    internal int IsPosted;

    public abstract void RunOnLane();
}
