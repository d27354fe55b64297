namespace Moldau.Broker.Requests;

/// <summary>The exchanges of a lane that are not in use, with their messages: whoever asks the same again and again allocates nothing.</summary>
internal sealed class ExchangePool
{
    private const int MostKept = 64;

    private readonly Dictionary<ApiRow, Stack<Exchange>> _kept = [];

    public Exchange Take(ApiRow row) => _kept.TryGetValue(row, out var kept) && kept.TryPop(out var exchange) ? exchange : new Exchange(row);

    public void Return(Exchange exchange)
    {
        // Messages keep the room of the largest frame they ever read.
        exchange.End(keepsMessages: !exchange.IsLarge && !exchange.GivesMessagesAway);
        if (!_kept.TryGetValue(exchange.Row, out var kept)) _kept.Add(exchange.Row, kept = new Stack<Exchange>());
        if (kept.Count < MostKept) kept.Push(exchange);
    }
}
