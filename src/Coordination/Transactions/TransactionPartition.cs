namespace Moldau.Coordination.Transactions;

/// <summary>A partition that a transaction has written to, or may have.</summary>
public readonly record struct TransactionPartition(string Topic, int Number) : IComparable<TransactionPartition>
{
    public static bool operator <(TransactionPartition left, TransactionPartition right) => left.CompareTo(right) < 0;

    public static bool operator >(TransactionPartition left, TransactionPartition right) => left.CompareTo(right) > 0;

    public static bool operator <=(TransactionPartition left, TransactionPartition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TransactionPartition left, TransactionPartition right) => left.CompareTo(right) >= 0;

    public int CompareTo(TransactionPartition other)
    {
        var order = string.CompareOrdinal(Topic, other.Topic);
        return order != 0 ? order : Number.CompareTo(other.Number);
    }

    public override string ToString() => $"{Topic}-{Number}";
}
