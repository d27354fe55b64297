namespace Moldau.Bench.Load;

/// <summary>How many of a classic group's members have the same generation.</summary>
internal sealed class ClassicLoadGroup(string name, int size)
{
    private int _generation = -1;
    private int _agreed;

    public string Name { get; } = name;

    public bool IsAgreed => _agreed == size;

    public void Has(int generation)
    {
        if (generation > _generation) (_generation, _agreed) = (generation, 0);
        if (generation == _generation) _agreed++;
    }

    public void HasNot(int generation)
    {
        if (generation == _generation) _agreed--;
    }
}
