namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>Where a request's time goes.</summary>
internal enum RequestPhase
{
    /// <summary>It is here, and those before it are looked at.</summary>
    Queue,

    /// <summary>Its handler is at work.</summary>
    Local,

    /// <summary>It waits: for the disk, for more records, for other members.</summary>
    Remote,

    /// <summary>Its reply waits for those of the requests before it.</summary>
    ReplyQueue,

    /// <summary>Its reply goes to the socket.</summary>
    Send,

    /// <summary>Its connection is not listened to behind the reply.</summary>
    Throttle,

    /// <summary>From its arrival to the end of sending.</summary>
    Total,
}
