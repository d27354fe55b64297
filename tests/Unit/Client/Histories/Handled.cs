namespace Moldau.Unit.Client.Histories;

/// <summary>A record that a consumer's handler has begun.</summary>
/// <param name="Reign">Which time of which consumer having the partition: between two of them records may come again.</param>
/// <param name="Partition">Whose record.</param>
/// <param name="Offset">Of the record.</param>
/// <param name="Key">In whose order it is handled.</param>
/// <param name="Value">As it was read.</param>
internal sealed record Handled(string Reign, int Partition, long Offset, string Key, string Value);
