//! Sums in little memory: most figures of most runs fit in far less than the few that need the most.

/// Sums that may be given in a small form, if they are not too large for it.
pub(super) trait Fits: Clone + PartialEq {
    /// The small form.
    type Small: Clone + Default;

    /// In the small form; `None` where they do not fit.
    fn small(&self) -> Option<Self::Small>;

    /// What the small form stands for.
    fn of_small(small: &Self::Small) -> Self;

    /// Adds in the small form; `None` where the sums do not fit in it.
    fn plus_small(one: &Self::Small, other: &Self::Small) -> Option<Self::Small>;

    /// Adds, whatever the size.
    fn add(&mut self, other: &Self);
}

/// Sums in the small form while they fit, else in a box: which of them cannot be seen from outside.
#[derive(Debug, Clone)]
pub(super) enum Compact<T: Fits> {
    Small(T::Small),
    Whole(Box<T>),
}

impl<T: Fits> Compact<T> {
    /// The bytes of a box, with what the allocator keeps for itself.
    pub(super) const BOX: usize = size_of::<T>() + 16;

    pub(super) fn of(whole: T) -> Self {
        whole.small().map_or_else(|| Self::Whole(Box::new(whole)), Self::Small)
    }

    pub(super) fn whole(&self) -> T {
        match self {
            Self::Small(small) => T::of_small(small),
            Self::Whole(whole) => T::clone(whole),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        match other {
            Self::Small(small) => self.add_small(small),
            Self::Whole(whole) => self.add_boxed(whole),
        }
    }

    pub(super) fn add_whole(&mut self, other: &T) {
        match other.small() {
            Some(small) => self.add_small(&small),
            None => self.add_boxed(other),
        }
    }

    pub(super) fn add_small(&mut self, other: &T::Small) {
        if let Self::Small(small) = self
            && let Some(sum) = T::plus_small(small, other)
        {
            *small = sum;
            return;
        }
        self.add_boxed(&T::of_small(other));
    }

    fn add_boxed(&mut self, other: &T) {
        match self {
            Self::Whole(whole) => whole.add(other),
            Self::Small(small) => {
                let mut whole = T::of_small(small);
                whole.add(other);
                *self = Self::Whole(Box::new(whole));
            }
        }
    }
}

impl<T: Fits> Default for Compact<T> {
    fn default() -> Self {
        Self::Small(T::Small::default())
    }
}

impl<T: Fits> PartialEq for Compact<T> {
    fn eq(&self, other: &Self) -> bool {
        self.whole() == other.whole()
    }
}
