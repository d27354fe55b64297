using Moldau.Protocol.Errors;

namespace Moldau.Client.Connections;

/// <summary>Outcomes of several things that are asked for one by one, so that one which fails takes no other with it.</summary>
internal static class Outcomes
{
    public static Outcome<T> Of<T>(TopicPartition where, ErrorCode code, T value) =>
        new(where.ToString(), value, code == ErrorCode.None ? null : KafkaException.Of(code, null, where.ToString()));

    /// <summary>One for each thing.</summary>
    public static Task<List<Outcome<T>>> OfEachAsync<T>(IEnumerable<string> items, Func<string, Task<T>> ask) =>
        GatherAsync<string, T>(items, static item => item, async item => [new(item, await ask(item).ConfigureAwait(false), null)]);

    /// <summary>As many as each broker tells of; of one that cannot be asked, its error.</summary>
    public static Task<List<Outcome<T>>> OfBrokersAsync<T>(IEnumerable<int> brokers, Func<int, Task<IEnumerable<Outcome<T>>>> ask) =>
        GatherAsync(brokers, static broker => $"broker {broker}", ask);

    private static async Task<List<Outcome<T>>> GatherAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, string> nameOf, Func<TItem, Task<IEnumerable<Outcome<T>>>> ask)
    {
        var outcomes = new List<Outcome<T>>();
        foreach (var item in items)
        {
            try
            {
                outcomes.AddRange(await ask(item).ConfigureAwait(false));
            }
            catch (KafkaException failure)
            {
                var name = nameOf(item);
                outcomes.Add(new(name, default, failure.Where is null ? new KafkaException(failure.Code, failure.Message, name, failure) : failure));
            }
        }

        return outcomes;
    }
}
