namespace Moldau.Client;

/// <summary>What became of one of several things that were asked for together: a value, or the error that kept it away.</summary>
/// <param name="Item">Which one: the topic, the partition, the resource.</param>
/// <param name="Value">What came of it.</param>
/// <param name="Error">Why nothing did; null where all went well.</param>
public readonly record struct Outcome<T>(string Item, T? Value, KafkaException? Error)
{
    public bool Succeeded => Error is null;

    /// <summary>The value.</summary>
    /// <exception cref="KafkaException">There is none.</exception>
    public T Get() => Error is null ? Value! : throw Error;
}
