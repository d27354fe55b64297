namespace Moldau.Bench.Clients.Worker;

/// <summary>What a client does in a row.</summary>
internal enum ClientWork
{
    /// <summary>Hands records over as fast as they are taken, until all are confirmed.</summary>
    Produce,

    /// <summary>A thousand at once write a record each and wait until it is confirmed.</summary>
    Awaited,

    /// <summary>One record, confirmed before the next is written.</summary>
    RoundTrip,

    /// <summary>A hundred records and a commit, over and over; what is counted is transactions.</summary>
    Transactions,

    /// <summary>Reads records one by one, each with a value of its own.</summary>
    Consume,

    /// <summary>Reads batches, and looks at the values where they lie.</summary>
    ConsumeBatches,

    /// <summary>Is handed records by the client, in order for each key.</summary>
    Handle,
}
