namespace Moldau.Bench.Clients.Worker;

/// <summary>A client at work on a row. It stays connected between its turns.</summary>
internal interface IClientLoad : IAsyncDisposable
{
    /// <summary>Works for so long, and until what it began is confirmed.</summary>
    /// <returns>How many operations were done.</returns>
    Task<long> RunAsync(Deadline deadline);
}
