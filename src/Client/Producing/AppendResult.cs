namespace Moldau.Client.Producing;

/// <summary>What appending a record has brought about.</summary>
[Flags]
internal enum AppendResult
{
    None = 0,

    /// <summary>A batch was begun: the loop is to know when its linger ends.</summary>
    Begun = 1,

    /// <summary>A batch was closed: it may be sent now.</summary>
    Closed = 2,

    /// <summary>The partition has had its share of records without a key.</summary>
    TurnIsOver = 4,
}
