using Moldau.Client.Consuming;

namespace Moldau.Client.Handling;

/// <summary>A handler with what stands around it.</summary>
internal sealed class HandlerPipeline<TKey, TValue>
{
    private readonly Func<Record<TKey, TValue>, CancellationToken, ValueTask> _handler;
    private readonly IReadOnlyList<HandleMiddleware> _middleware;

    private HandlerPipeline(Func<Record<TKey, TValue>, CancellationToken, ValueTask> handler, IReadOnlyList<HandleMiddleware> middleware) => (_handler, _middleware) = (handler, middleware);

    /// <summary>The handler itself where nothing stands around it.</summary>
    public static Func<Record<TKey, TValue>, CancellationToken, ValueTask> Around(
        Func<Record<TKey, TValue>, CancellationToken, ValueTask> handler, IReadOnlyList<HandleMiddleware> middleware) =>
        middleware.Count == 0 ? handler : new HandlerPipeline<TKey, TValue>(handler, middleware).HandleAsync;

    private ValueTask HandleAsync(Record<TKey, TValue> record, CancellationToken cancellation)
    {
        // The record goes along in the last link, so that what the context does not show comes through.
        HandleNext pipeline = context => _handler(record with { Key = Of<TKey>(context.Key, "Key"), Value = Of<TValue>(context.Value, "Value") }, cancellation);
        for (var i = _middleware.Count - 1; i >= 0; i--)
        {
            var (middleware, next) = (_middleware[i], pipeline);
            pipeline = context => middleware(context, next);
        }

        return pipeline(new HandleContext
        {
            Where = record.Where, Offset = record.Offset, Timestamp = record.Timestamp, Headers = record.Headers, Key = record.Key, Value = record.Value, Cancellation = cancellation,
        });
    }

    private static T? Of<T>(object? value, string what) => value switch
    {
        T right => right,
        null => default,
        _ => throw new InvalidOperationException($"middleware made the record's {what} a {value.GetType().Name}; the handler takes a {typeof(T).Name}"),
    };
}
