using Moldau.Client.Consuming;

namespace Moldau.Extensions.Hosting;

/// <summary>Handles records that a hosted consumer reads. One is made for each record, in a scope of its own.</summary>
public interface IRecordHandler<TKey, TValue>
{
    /// <summary>The record is done when this ends; when it throws, what becomes of it is what <c>HandlerOptions.OnError</c> says.</summary>
    /// <param name="record">Its bytes are valid until this ends.</param>
    /// <param name="cancellation">The host stops, and the time to end is over.</param>
    ValueTask HandleAsync(Record<TKey, TValue> record, CancellationToken cancellation);
}
