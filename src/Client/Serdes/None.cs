namespace Moldau.Client.Serdes;

/// <summary>The type of keys or values that are never there.</summary>
public sealed class None
{
    private None()
    {
    }
}
