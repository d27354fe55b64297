namespace Moldau.Protocol.Messages;

/// <summary>One kind of record of an internal topic. A row of <see cref="StoredRecordTable"/>.</summary>
public sealed class StoredRecordDescription
{
    private readonly Func<IMessage> _newKey;
    private readonly Func<IMessage> _newValue;

    internal StoredRecordDescription(
        string topic, short type, string name, short lowest, short highest, Func<IMessage> newKey, Func<IMessage> newValue)
    {
        Topic = topic;
        Type = type;
        Name = name;
        LowestValueVersion = lowest;
        HighestValueVersion = highest;
        _newKey = newKey;
        _newValue = newValue;
    }

    public string Topic { get; }

    /// <summary>The number in front of the key.</summary>
    public short Type { get; }

    public string Name { get; }

    public short LowestValueVersion { get; }

    public short HighestValueVersion { get; }

    public IMessage NewKey() => _newKey();

    public IMessage NewValue() => _newValue();
}
